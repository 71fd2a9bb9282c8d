import { runMain } from '@bookstore/common'
import { runShopper } from '@bookstore/shopper'

runMain(() => runShopper('bookbuyer', process.env, process.argv.slice(2)))
