// The fake image of tests stands in the package, for tests of users too.
export * from '../../lint/testing/fake-image.ts';
