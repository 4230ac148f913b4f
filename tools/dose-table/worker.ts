// A worker thread of the dose table. Not responsible for which sessions (main.ts).
import { answerOrders } from '../thread-answers.ts';
import { runCell } from './cells.ts';

answerOrders(runCell);
