// `npm run test:long` runs what takes minutes by itself: hostile texts and a model's faults through the whole system.
const long = ["<rootDir>/test/hostile/hostile.test.ts", "<rootDir>/test/flows/model-faults.test.ts"];
const isLong = Boolean(process.env.AFU9_TEST_LONG);

/** @type {import("jest").Config} */
export default {
  testEnvironment: "node",
  extensionsToTreatAsEsm: [".ts"],
  transform: { "\\.ts$": "./test/strip-types.js" },
  testMatch: isLong ? long : ["<rootDir>/**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", ...(isLong ? [] : long)],
  modulePathIgnorePatterns: ["<rootDir>/.afu9/"],
  globalSetup: "./test/global-setup.ts",
  globalTeardown: "./test/global-teardown.ts",
  injectGlobals: false,
  maxWorkers: 2,
  // A worker keeps what its test files have loaded, and starting a git from a process of over a gigabyte takes 50 ms.
  workerIdleMemoryLimit: "250MB",
  testTimeout: 60_000,
};
