/** @type {import("jest").Config} */
export default {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "./test/strip-types.js" },
  testMatch: ["<rootDir>/**/*.test.ts"],
  modulePathIgnorePatterns: ["<rootDir>/.afu9/"],
  globalSetup: "./test/global-setup.ts",
  globalTeardown: "./test/global-teardown.ts",
  injectGlobals: false,
  maxWorkers: 2,
  testTimeout: 60_000,
};
