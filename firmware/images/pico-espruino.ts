// Entry of the image for Espruino on a Pico: opens the board, builds the gun, ticks. Built by `mesogun build`; runs on the gun only.
import { heldBack, openBoard, runForever } from '../../hal/ports/espruino.ts';
import { createGun } from '../main.ts';

if (!heldBack()) runForever(createGun(openBoard('pico-espruino')));
