// The peers in JavaScript behind one process: a request is a line of JSON on standard input, its answer a line on standard output.
// `@sd-jwt/sd-jwt-vc` leaves keys, hashes and salts to its caller: they are node's own here.

import { createHash, createPrivateKey, createPublicKey, randomBytes, sign, verify } from 'node:crypto'
import { createInterface } from 'node:readline'

import { SDJwtVcInstance } from '@sd-jwt/sd-jwt-vc'
import { DcqlPresentationResult, DcqlQuery } from 'dcql'

import { TASKS as dataIntegrity } from './data_integrity.mjs'
import { TASKS as jose } from './jose.mjs'
import { TASKS as status } from './status.mjs'

// The names of the IANA registry as node spells them; SHA-3 has one spelling.
const SHA2 = { 'sha-256': 'sha256', 'sha-384': 'sha384', 'sha-512': 'sha512' }

const hasher = (data, name) => createHash(SHA2[name] ?? name).update(typeof data === 'string' ? data : Buffer.from(data)).digest()
const saltGenerator = (length) => randomBytes(length).toString('base64url')
const privateKey = (jwk) => createPrivateKey({ key: jwk, format: 'jwk' })
const publicKey = (jwk) => createPublicKey({ key: jwk, format: 'jwk' })
const signer = (key) => (data) => sign(null, Buffer.from(data), key).toString('base64url')
const verifies = (key, data, signature) => verify(null, Buffer.from(data), key, Buffer.from(signature, 'base64url'))

const issuerOf = ({ key, hash }) =>
  new SDJwtVcInstance({ signer: signer(privateKey(key)), signAlg: 'EdDSA', hasher, hashAlg: hash, saltGenerator })
const holderOf = ({ key }) => new SDJwtVcInstance({ hasher, kbSigner: signer(privateKey(key)), kbSignAlg: 'EdDSA' })

function verifierOf({ key }) {
  const issuer = publicKey(key)
  return new SDJwtVcInstance({
    hasher,
    verifier: (data, signature) => verifies(issuer, data, signature),
    // The holder's key is a new one each time, and found where the issuer put it.
    kbVerifier: (data, signature, payload) => verifies(publicKey(payload.cnf.jwk), data, signature),
  })
}

const issue = (issuer, { claims, frame, header }) => issuer.issue(claims, frame, { header })
const present = (holder, { issued, frame, binding }) => holder.present(issued, frame, { kb: { payload: binding } })
const check = (verifier, { presented, nonce }) => verifier.verify(presented, { keyBindingNonce: nonce })
const match = (_, { query, credentials }) => DcqlQuery.query(DcqlQuery.parse(query), credentials)

// What is set up once, and what is done with it each time.
const TASKS = {
  issue: [issuerOf, issue],
  present: [holderOf, present],
  verify: [verifierOf, check],
  match: [() => undefined, match],
  ...dataIntegrity,
  ...jose,
  ...status,
}

// Say of a query which credentials answer each part of it, and with which claims.
function selected({ query, credentials }) {
  const parsed = DcqlQuery.parse(query)
  DcqlQuery.validate(parsed)
  const found = DcqlQuery.query(parsed, credentials)
  const matches = Object.entries(found.credential_matches).map(([id, { valid_credentials = [], failed_credentials = [] }]) => [
    id,
    [...valid_credentials, ...failed_credentials].map((one) => ({
      credential: one.input_credential_index,
      success: one.success,
      claims: (one.claims.valid_claims ?? []).map(({ claim_index, output }) => [claim_index, output]),
      sets: (one.claims.valid_claim_sets ?? []).map((set) => set.claim_set_index ?? null),
    })),
  ])
  return { satisfied: Boolean(found.can_be_satisfied), matches: Object.fromEntries(matches) }
}

// Say whether presentations, which somebody else has verified, are together what a query asked for.
function satisfied({ query, presentations }) {
  const dcqlQuery = DcqlQuery.parse(query)
  DcqlQuery.validate(dcqlQuery)
  return Boolean(DcqlPresentationResult.fromDcqlPresentation(presentations, { dcqlQuery }).can_be_satisfied)
}

// Do a task for each item, and give the nanoseconds of CPU that this process spent on all of them.
async function measured({ task, shared, items, times }) {
  const [setUp, run] = TASKS[task]
  const ready = await setUp(shared)
  const work = items.map((item) => [ready, { ...shared, ...item }])
  let spent = 0
  for (let time = 0; time < times; time += 1) {
    const start = process.cpuUsage()
    for (const [side, item] of work) await run(side, item)
    const { user, system } = process.cpuUsage(start)
    spent = (user + system) * 1000
  }
  return spent
}

async function answer({ operation, ...request }) {
  if (operation === 'select') return selected(request)
  if (operation === 'satisfied') return satisfied(request)
  if (operation === 'measure') return measured(request)
  const [setUp, run] = TASKS[operation]
  return run(await setUp(request), request)
}

for await (const line of createInterface({ input: process.stdin })) {
  let said
  try {
    said = { value: (await answer(JSON.parse(line))) ?? null }
  } catch (error) {
    said = { error: `${error.name}: ${error.message}` }
  }
  process.stdout.write(`${JSON.stringify(said)}\n`)
}
