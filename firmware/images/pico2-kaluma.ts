// Entry of the image for Kaluma on a Pico 2: opens the board, builds the gun, ticks. Built by `mesogun build`; runs on the gun only.
import { PICO2_KALUMA_STORE_SECTOR } from '../../hal/boards/pico.ts';
import { openBoard, runForever } from '../../hal/ports/kaluma.ts';
import { createGun } from '../main.ts';

runForever(createGun(openBoard('pico2-kaluma', PICO2_KALUMA_STORE_SECTOR)));
