// What the module exports. In AssemblyScript: `npm run generate` compiles it to ../line-reader.generated.ts.
export { classOf, learn, learnScreen, watch } from './classes';
export { beginOfLine, occursInBodies, readAnnotations, readBodies, receivedInMinute, stageOfLine } from './line';
export { beginPiece, endOfStop, linesPassed, passOver, place, readLine, stoppedAt } from './piece';
export { needleStart } from './needle';
export { addNeedle, newScreen } from './screens';
export { endsOfSlots, startsOfSlots } from './slots';
export { addEnd, addRoot, addStep, beginTrail, endsEverywhere } from './trail';
