// Data Integrity with the packages of Digital Bazaar: proofs on credentials and presentations, and what is signed for them.
// Contexts come with each request as text, and the documents of did:key from the DID: nothing is fetched.

import { DataIntegrityProof } from '@digitalbazaar/data-integrity'
import * as ecdsaJcs from '@digitalbazaar/ecdsa-jcs-2019-cryptosuite'
import * as EcdsaMultikey from '@digitalbazaar/ecdsa-multikey'
import { cryptosuite as ecdsaRdfc } from '@digitalbazaar/ecdsa-rdfc-2019-cryptosuite'
import * as Ed25519Multikey from '@digitalbazaar/ed25519-multikey'
import * as eddsaJcs from '@digitalbazaar/eddsa-jcs-2022-cryptosuite'
import { cryptosuite as eddsaRdfc } from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite'
import * as vc from '@digitalbazaar/vc'
import * as rdfCanonize from 'rdf-canonize'

const SIGN = {
  'eddsa-rdfc-2022': () => eddsaRdfc,
  'eddsa-jcs-2022': eddsaJcs.createSignCryptosuite,
  'ecdsa-rdfc-2019': () => ecdsaRdfc,
  'ecdsa-jcs-2019': ecdsaJcs.createSignCryptosuite,
}
const VERIFY = {
  ...SIGN,
  'eddsa-jcs-2022': eddsaJcs.createVerifyCryptosuite,
  'ecdsa-jcs-2019': ecdsaJcs.createVerifyCryptosuite,
}
const RELATIONSHIPS = ['assertionMethod', 'authentication']
const DID_KEY = /^did:key:(z[1-9A-HJ-NP-Za-km-z]+)$/

// jsonld keeps what it made of a static document for the life of the process, and asks for it no more: a URL has one content here.
const loaded = new Map()

function load([url, text]) {
  const known = loaded.get(url)
  if (known && known.text !== text) throw new Error(`${url} had another content before`)
  if (!known) loaded.set(url, { text, document: JSON.parse(text) })
}

function didKeyDocument(did, multibase) {
  const method = { id: `${did}#${multibase}`, type: 'Multikey', controller: did, publicKeyMultibase: multibase }
  const relationships = RELATIONSHIPS.map((name) => [name, [method.id]])
  const context = ['https://www.w3.org/ns/did/v1', 'https://w3id.org/security/multikey/v1']
  return { '@context': context, id: did, verificationMethod: [method], ...Object.fromEntries(relationships) }
}

function found(url, contexts) {
  if (Object.hasOwn(contexts, url)) return { document: loaded.get(url).document, tag: 'static' }
  const [did, fragment] = url.split('#')
  const [, multibase] = DID_KEY.exec(did) ?? []
  if (!multibase) throw new Error(`${url} is not at hand`)
  const whole = didKeyDocument(did, multibase)
  const document = fragment === undefined ? whole : whole.verificationMethod.find(({ id }) => id === url)
  if (!document) throw new Error(`${url} names no key`)
  return { document }
}

function loaderOf(contexts = {}) {
  Object.entries(contexts).forEach(load)
  return async (url) => ({ contextUrl: null, documentUrl: url, ...found(url, contexts) })
}

// `method` is the DID URL of the key. The peer for ECDSA takes a JWK without `key_ops` for one of key agreement.
async function signerOf({ key, method }) {
  const kind = key.kty === 'OKP' ? Ed25519Multikey : EcdsaMultikey
  const jwk = { ...key, key_ops: ['sign', 'verify'] }
  const pair = await kind.fromJwk({ jwk, secretKey: true, id: method, controller: method.split('#')[0] })
  return pair.signer()
}

// `created` is a date and time, or null for none; `options` are further members of the proof.
async function securing(shared) {
  const signer = await signerOf(shared)
  return { signer, documentLoader: loaderOf(shared.contexts) }
}

function suiteOf({ signer }, { cryptosuite, created, options }) {
  const suite = new DataIntegrityProof({ signer, date: created, cryptosuite: SIGN[cryptosuite]() })
  if (options) suite.proof = options
  return suite
}

const issue = (side, { document, ...how }) =>
  vc.issue({ credential: { ...document }, suite: suiteOf(side, how), documentLoader: side.documentLoader })

const present = (side, { document, challenge, domain, ...how }) => {
  const suite = suiteOf(side, how)
  return vc.signPresentation({ presentation: { ...document }, suite, challenge, domain, documentLoader: side.documentLoader })
}

function checking({ cryptosuites, contexts }) {
  const suites = () => cryptosuites.map((name) => new DataIntegrityProof({ cryptosuite: VERIFY[name]() }))
  return { suites, documentLoader: loaderOf(contexts) }
}

// The errors of a proof are inside of the error of all of them.
const reasons = (error) => [].concat(error ?? []).flatMap((one) => (one.errors ? reasons(one.errors) : [one.message]))

function settled({ verified, error, presentationResult, credentialResults = [] }) {
  if (verified) return true
  const errors = [error, presentationResult?.error, ...credentialResults.map((one) => one.error)]
  throw new Error([...new Set(errors.flatMap(reasons))].join('; ') || 'not verified')
}

async function verifyCredential({ suites, documentLoader }, { document, now }) {
  return settled(await vc.verifyCredential({ credential: document, suite: suites(), documentLoader, now }))
}

async function verifyPresentation({ suites, documentLoader }, { document, now, challenge, domain }) {
  const unsigned = { presentation: document, suite: suites(), documentLoader, now }
  return settled(await vc.verify({ ...unsigned, challenge, domain }))
}

// Undefined terms and relative IRIs are refused, and `@direction` is kept in a datatype: as the cryptosuites do.
const canonize = ({ documentLoader }, { document, hash = 'SHA-256' }) =>
  eddsaRdfc.canonize(document, { documentLoader, messageDigestAlgorithm: hash })

const canonizeQuads = (_, { quads, hash = 'SHA-256' }) => {
  const format = 'application/n-quads'
  return rdfCanonize.canonize(quads, { algorithm: 'RDFC-1.0', inputFormat: format, format, messageDigestAlgorithm: hash })
}

const canonicalize = (_, { document }) => eddsaJcs.createSignCryptosuite().canonize(document)

const withContexts = ({ contexts }) => ({ documentLoader: loaderOf(contexts) })
const nothing = () => undefined

export const TASKS = {
  'di-issue': [securing, issue],
  'di-present': [securing, present],
  'di-verify': [checking, verifyCredential],
  'di-verify-presentation': [checking, verifyPresentation],
  'rdfc-document': [withContexts, canonize],
  'rdfc-quads': [nothing, canonizeQuads],
  jcs: [nothing, canonicalize],
}
