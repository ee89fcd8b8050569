// The generated client against the crank's own builders, and against the program: a wallet is paid what its leaf says.
//
// The fixture comes from crank/cluster/examples/client_fixture.rs through scripts/build-client.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

import {
  createKeyPairSignerFromPrivateKeyBytes,
  generateKeyPairSigner,
  getBase16Codec,
  isSignerRole,
  isWritableRole,
  type Address,
  type Instruction,
  type KeyPairSigner,
  type ReadonlyUint8Array,
} from '@solana/kit';

import * as torque from '../src/generated';
import { CLIENT, Cluster, programDataAddress } from './cluster';

type BuiltInstruction = {
  programAddress: string;
  accounts: { address: string; isSigner: boolean; isWritable: boolean }[];
  data: string;
};
type Claim = { walletSeed: string; amount: string; path: string[]; instruction: BuiltInstruction };
type Fixture = {
  id: string;
  ownerSeed: string;
  addresses: Record<'action' | 'config' | 'distributor' | 'epoch' | 'link' | 'vault', string>;
  root: string;
  funding: string;
  fund: BuiltInstruction;
  claims: Claim[];
};

const FIXTURE = JSON.parse(readFileSync(join(CLIENT, 'test', 'fixture.json'), 'utf8')) as Fixture;
/** Stands for SOL where a mint is named, and for what moves it where a token program is. */
const SOL = '11111111111111111111111111111111' as Address;
const RICH = 1_000_000_000_000n;
const BEGINNING = 1_767_225_600n;
const EPOCH = 86_400;
const DELAY = 3_600;

const bytes = (text: string): ReadonlyUint8Array => getBase16Codec().encode(text);
const signer = (seed: string): Promise<KeyPairSigner> => createKeyPairSignerFromPrivateKeyBytes(bytes(seed));

/** The addresses of the fixture's distributor, as the client derives them. */
async function derived() {
  const owner = (await signer(FIXTURE.ownerSeed)).address;
  const id = BigInt(FIXTURE.id);
  const [config] = await torque.findConfigPda();
  const [action] = await torque.findActionPda({ owner, id });
  const [distributor] = await torque.findDistributorPda({ owner, id });
  const [vault] = await torque.findVaultPda({ distributor });
  const [epoch] = await torque.findEpochPda({ distributor, index: 0 });
  const [link] = await torque.findLinkPda({ action, distributor });
  return { action, config, distributor, epoch, link, vault };
}

/** Funds as the owner, who makes no sponsorship; the builder that derives addresses would derive one. */
async function fund(owner: KeyPairSigner): Promise<Instruction> {
  const { config, distributor, vault } = await derived();
  const amount = BigInt(FIXTURE.funding);
  return torque.getDistributorFundInstruction({
    funder: owner, config, distributor, vault, source: owner.address, mint: SOL, tokenProgram: SOL, amount,
    sponsor: null,
  });
}

async function claim(index: number, leaf: Claim): Promise<Instruction> {
  const { distributor, epoch } = await derived();
  const recipient = await signer(leaf.walletSeed);
  return torque.getClaimInstructionAsync({
    recipient, distributor, epoch, destination: recipient.address, mint: SOL, tokenProgram: SOL,
    index, amount: BigInt(leaf.amount), path: leaf.path.map(bytes),
  });
}

/** An instruction in the fixture's form. */
function written(instruction: Instruction): BuiltInstruction {
  const accounts = (instruction.accounts ?? []).map(({ address, role }) => ({
    address, isSigner: isSignerRole(role), isWritable: isWritableRole(role),
  }));
  const data = getBase16Codec().decode(instruction.data ?? new Uint8Array());
  return { programAddress: instruction.programAddress, accounts, data };
}

/** A distributor of the fixture's owner, funded, with the fixture's root posted and open. */
async function openEpoch(owner: KeyPairSigner): Promise<Cluster> {
  const [admin, publisher, guardian, treasury] = await Promise.all(Array.from({ length: 4 }, () => generateKeyPairSigner()));
  assert(admin && publisher && guardian && treasury);
  const cluster = await Cluster.start(admin.address, BEGINNING);
  for (const { address } of [admin, owner, publisher, treasury]) cluster.airdrop(address, RICH);
  await cluster.send(admin, await torque.getConfigInitializeInstructionAsync({
    admin, treasury: treasury.address, programData: await programDataAddress(), feeBasisPoints: 500,
  }));
  const total = FIXTURE.claims.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  const create = await torque.getDistributorCreateInstructionAsync({
    owner, mint: SOL, tokenProgram: SOL, id: BigInt(FIXTURE.id), kind: torque.Kind.Direct, mode: torque.Mode.Claim,
    publisher: publisher.address, guardian: guardian.address, milestone: null, limits: null, draw: null,
    terms: {
      start: BEGINNING, epochDuration: EPOCH, epochCount: 1, epochBudget: total, activationDelay: DELAY,
      claimWindow: 7 * EPOCH,
    },
    maxFeeBasisPoints: 500, acceptedPowers: { bits: 0 }, minimumSponsorship: 1n,
  });
  await cluster.send(owner, create, await fund(owner));
  cluster.setTime(BEGINNING + BigInt(EPOCH));
  const { distributor, epoch } = await derived();
  const args = {
    index: 0, root: bytes(FIXTURE.root), leafCount: FIXTURE.claims.length, total, manifestHash: bytes(FIXTURE.root),
    bundleUri: 'https://example.com/bundles/0',
  };
  await cluster.send(
    publisher,
    await torque.getEpochPostInstructionAsync({ publisher, payer: publisher, distributor, epoch, mint: SOL, args }),
  );
  cluster.setTime(BEGINNING + BigInt(EPOCH + DELAY));
  return cluster;
}

test('the fixture has wallets and paths', () => {
  assert(FIXTURE.claims.length > 1 && FIXTURE.claims.every(({ path }) => path.length > 0));
});

test('addresses are those that the crank derives', async () => {
  assert.deepEqual(await derived(), FIXTURE.addresses);
});

test('instructions are byte for byte those that the crank builds', async () => {
  assert.deepEqual(written(await fund(await signer(FIXTURE.ownerSeed))), FIXTURE.fund);
  for (const [index, leaf] of FIXTURE.claims.entries()) {
    assert.deepEqual(written(await claim(index, leaf)), leaf.instruction);
  }
});

test('every wallet is paid what its leaf says, once', async () => {
  const owner = await signer(FIXTURE.ownerSeed);
  const cluster = await openEpoch(owner);
  const { distributor, epoch, vault } = await derived();
  const funded = cluster.balance(vault);
  // Somebody else pays the fees, so that a wallet's balance is what it was paid.
  const stranger = await generateKeyPairSigner();
  cluster.airdrop(stranger.address, RICH);
  for (const [index, leaf] of FIXTURE.claims.entries()) {
    const wallet = (await signer(leaf.walletSeed)).address;
    assert.equal(cluster.balance(wallet), 0n);
    await cluster.send(stranger, await claim(index, leaf));
    assert.equal(cluster.balance(wallet), BigInt(leaf.amount));
    await assert.rejects(cluster.send(stranger, await claim(index, leaf)), /Error Code: LeafAlreadyPaid/);
    assert.equal(cluster.balance(wallet), BigInt(leaf.amount));
  }
  const paid = FIXTURE.claims.reduce((sum, { amount }) => sum + BigInt(amount), 0n);
  assert.equal(funded - cluster.balance(vault), paid);
  assert.equal(torque.getDistributorDecoder().decode(cluster.account(distributor)).owner, owner.address);
  assert.equal(torque.getEpochDecoder().decode(cluster.account(epoch)).distributor, distributor);
});

test('a leaf that another wallet signs for, or with another amount, is refused', async () => {
  const cluster = await openEpoch(await signer(FIXTURE.ownerSeed));
  const stranger = await generateKeyPairSigner();
  cluster.airdrop(stranger.address, RICH);
  const [first, second] = FIXTURE.claims;
  assert(first && second);
  for (const forged of [{ ...first, amount: String(BigInt(first.amount) + 1n) }, { ...first, walletSeed: second.walletSeed }]) {
    await assert.rejects(cluster.send(stranger, await claim(0, forged)), /Error Code: ProofInvalid/);
  }
});
