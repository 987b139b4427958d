// `npm run test:long` runs what takes minutes by itself: hostile texts and a model's faults through the whole system.
const long = ["<rootDir>/test/hostile/hostile.test.ts", "<rootDir>/test/flows/model-faults.test.ts"];

/** @type {import("jest").Config} */
export default {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "./test/strip-types.js" },
  testMatch: process.env.AFU9_TEST_LONG ? long : ["<rootDir>/**/*.test.ts"],
  testPathIgnorePatterns: [
    "/node_modules/",
    ...(process.env.AFU9_TEST_LONG ? [] : ["/hostile\\.test\\.ts$", "/model-faults\\.test\\.ts$"]),
  ],
  modulePathIgnorePatterns: ["<rootDir>/.afu9/"],
  globalSetup: "./test/global-setup.ts",
  globalTeardown: "./test/global-teardown.ts",
  injectGlobals: false,
  maxWorkers: 2,
  testTimeout: 60_000,
};
