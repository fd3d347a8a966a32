/** The browser that the tests of the static site drive. */
export { findChromium } from './find-chromium.ts';
export { CHROMIUM_REMEDY, installChromium } from './install-chromium.ts';
