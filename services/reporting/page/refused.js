// Why there is no answer.

/** An answer that is no success, with its problem document where it has one. */
export class Refused extends Error {
  constructor(status, problem) {
    super(problem?.code ?? String(status));
    this.status = status;
    this.problem = problem;
  }
}

/** No answer at all. */
export class Unreached extends Error {}

/** Raises Unreached. */
export async function reach(address, given) {
  try {
    return await fetch(address, given);
  } catch (error) {
    throw new Unreached(error.message);
  }
}
