// Writes the client into a folder: node generate.mjs <idl.json> <folder>. scripts/build-client runs it.
//
// Codama's packages are all of release 1.7.0, which package.json insists on: the renderer cannot read the trees that
// later releases make, in which a type without fields has no list of them.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { rootNodeFromAnchor } from '@codama/nodes-from-anchor';
import { renderVisitor } from '@codama/renderers-js';
import {
  accountValueNode,
  addPdasVisitor,
  argumentValueNode,
  constantPdaSeedNodeFromString,
  createFromRoot,
  numberTypeNode,
  pdaSeedValueNode,
  pdaValueNode,
  publicKeyTypeNode,
  setInstructionAccountDefaultValuesVisitor,
  updateInstructionsVisitor,
  variablePdaSeedNode,
} from 'codama';

const [idlPath, folder] = process.argv.slice(2);
const codama = createFromRoot(rootNodeFromAnchor(JSON.parse(readFileSync(idlPath, 'utf8'))));

// The IDL says of these that a seed is a field of an argument, which Codama leaves out. The test compares the addresses.
const numbered = (name) => ({
  name,
  seeds: [
    constantPdaSeedNodeFromString('utf8', name),
    variablePdaSeedNode('owner', publicKeyTypeNode()),
    variablePdaSeedNode('id', numberTypeNode('u64')),
  ],
});
codama.update(addPdasVisitor({ torque: [numbered('action'), numbered('distributor')] }));
const numberedDefault = (name) =>
  pdaValueNode(name, [
    pdaSeedValueNode('owner', accountValueNode('owner')),
    pdaSeedValueNode('id', argumentValueNode('id')),
  ]);

// There is one config, and one vault of a distributor, whatever instruction names them.
codama.update(
  setInstructionAccountDefaultValuesVisitor([
    { account: 'config', defaultValue: pdaValueNode('config') },
    {
      account: 'vault',
      defaultValue: pdaValueNode('vault', [pdaSeedValueNode('distributor', accountValueNode('distributor'))]),
    },
    { account: 'action', instruction: 'actionCreate', defaultValue: numberedDefault('action') },
    { account: 'distributor', instruction: 'distributorCreate', defaultValue: numberedDefault('distributor') },
  ]),
);

// What moves a distributor's money is one of two token programs or the system program: no default would do.
const { instructions } = codama.getRoot().program;
const movers = instructions.filter(({ accounts }) => accounts.some(({ name }) => name === 'tokenProgram'));
const withoutDefault = { accounts: { tokenProgram: { defaultValue: null } } };
codama.update(updateInstructionsVisitor(Object.fromEntries(movers.map(({ name }) => [name, withoutDefault]))));

await codama.accept(
  renderVisitor(folder, {
    deleteFolderBeforeRendering: true,
    generatedFolder: '.',
    kitImportStrategy: 'rootOnly',
    syncPackageJson: false,
  }),
);

// The renderer writes for kit 6, in which an extended client has another type than in kit 8: let it be inferred.
const program = join(folder, 'programs', 'torque.ts');
const written = readFileSync(program, 'utf8');
const inferred = written.replace('): Omit<T, "torque"> & { torque: TorquePlugin } => {', ') => {');
if (inferred === written) throw new Error(`${program}: the type of an extended client is not where it was`);
writeFileSync(program, inferred);
