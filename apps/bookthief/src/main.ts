import { runMain } from '@bookstore/common'
import { runShopper } from '@bookstore/shopper'

runMain(() => runShopper('bookthief', process.env, process.argv.slice(2)))
