import { prepareStage } from './stage.ts';

/** The demo is filed once for all stories. */
export const setup = prepareStage;
