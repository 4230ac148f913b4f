// A worker thread of a campaign: takes orders, answers results, one at a time. Not responsible for which (run.ts).
import { answerOrders } from '../thread-answers.ts';
import { runOrder } from './session.ts';

answerOrders(runOrder);
