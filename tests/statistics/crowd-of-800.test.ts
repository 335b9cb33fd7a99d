import { crowdTest } from './crowd.ts'

crowdTest(800)
