/**
 * A function that keeps its last result while it is asked about the same object. The books are values: a new object is a
 * new state, so what was made of the old one is made once and not for each request.
 */
export function oncePerState<State extends object, Made>(make: (state: State) => Made): (state: State) => Made {
  let last: { readonly state: State; readonly made: Made } | undefined
  return state => {
    if (last?.state !== state) last = { state, made: make(state) }
    return last.made
  }
}
