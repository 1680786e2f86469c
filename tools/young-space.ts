// Keeps the space of young objects as small as it is: V8 doubles it up to 32 MB and more (64 in Node.js 24), never to be had back.
import { setFlagsFromString } from 'node:v8';

/** For a process of our own, at its start: a library leaves the program that it is part of as it is. */
export function keepYoungSpaceSmall(): void {
  forbidGrowth();
  // With each heap that it makes for a thread V8 allows growth again, to all heaps (heap.cc, ConfigureHeap; up to Node.js 22).
  process.on('worker', (thread) => thread.once('online', forbidGrowth));
}

function forbidGrowth(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
}
