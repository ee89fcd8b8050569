// A cluster in this process with the committed program on it, to which signed transactions are sent. Not here: what the
// program does, which its own tests in Rust say.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import {
  address,
  appendTransactionMessageInstructions,
  createTransactionMessage,
  getAddressEncoder,
  getProgramDerivedAddress,
  lamports,
  pipe,
  setTransactionMessageFeePayerSigner,
  signTransactionMessageWithSigners,
  type Address,
  type Instruction,
  type TransactionSigner,
} from '@solana/kit';
import { FailedTransactionMetadata, LiteSVM } from 'litesvm';

import { TORQUE_PROGRAM_ADDRESS } from '../src/generated';

/** The client's folder: compiled tests run two folders below. */
export const CLIENT = join(__dirname, '..', '..');
const PROGRAM = join(CLIENT, '..', '..', 'program', 'torque.so');
const LOADER = address('BPFLoaderUpgradeab1e11111111111111111111111');

/** Where the loader keeps the program's code and who may replace it. */
export async function programDataAddress(): Promise<Address> {
  const seeds = [getAddressEncoder().encode(TORQUE_PROGRAM_ADDRESS)];
  return (await getProgramDerivedAddress({ programAddress: LOADER, seeds }))[0];
}

export class Cluster {
  private constructor(private readonly svm: LiteSVM) {}

  /** Starts at `now`, in seconds since 1970, with a program that `authority` may upgrade. */
  static async start(authority: Address, now: bigint): Promise<Cluster> {
    const svm = new LiteSVM();
    svm.addProgram(TORQUE_PROGRAM_ADDRESS, readFileSync(PROGRAM));
    const account = svm.getAccount(await programDataAddress());
    if (!account.exists) throw new Error('the program has no data account');
    // A u32 variant, a u64 slot, then an optional address.
    const data = new Uint8Array(account.data);
    data.set([1, ...getAddressEncoder().encode(authority)], 12);
    svm.setAccount({ ...account, data });
    const cluster = new Cluster(svm);
    cluster.setTime(now);
    return cluster;
  }

  /** As time passes so do slots, five in two seconds. */
  setTime(now: bigint): void {
    const clock = this.svm.getClock();
    if (now > clock.unixTimestamp) clock.slot += ((now - clock.unixTimestamp) * 5n) / 2n;
    clock.unixTimestamp = now;
    this.svm.setClock(clock);
  }

  airdrop(wallet: Address, amount: bigint): void {
    this.svm.airdrop(wallet, lamports(amount));
  }

  balance(wallet: Address): bigint {
    return this.svm.getBalance(wallet) ?? 0n;
  }

  account(at: Address): Uint8Array {
    const account = this.svm.getAccount(at);
    if (!account.exists) throw new Error(`there is no account at ${at}`);
    return new Uint8Array(account.data);
  }

  /** Signs with every signer that the instructions name, and sends. Returns the logs; throws them if it is refused. */
  async send(payer: TransactionSigner, ...instructions: Instruction[]): Promise<string[]> {
    const message = pipe(
      createTransactionMessage({ version: 0 }),
      (message) => setTransactionMessageFeePayerSigner(payer, message),
      (message) => this.svm.setTransactionMessageLifetimeUsingLatestBlockhash(message),
      (message) => appendTransactionMessageInstructions(instructions, message),
    );
    const result = this.svm.sendTransaction(await signTransactionMessageWithSigners(message));
    // The same message again is another transaction.
    this.svm.expireBlockhash();
    if (result instanceof FailedTransactionMetadata) {
      throw new Error(`${result.toString()}\n${result.meta().logs().join('\n')}`);
    }
    return result.logs();
  }
}
