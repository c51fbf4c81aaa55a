// Compact JWS with `jose`: EdDSA, Ed25519, ES256 and ES384.

import { CompactSign, compactVerify, importJWK } from 'jose'

const imported = async ({ key, algorithm }) => ({ key: await importJWK(key, algorithm), algorithm })

const sign = ({ key, algorithm }, { header, payload }) => {
  const bytes = new TextEncoder().encode(JSON.stringify(payload))
  return new CompactSign(bytes).setProtectedHeader({ ...header, alg: algorithm }).sign(key)
}

async function verify({ key, algorithm }, { token }) {
  const { protectedHeader, payload } = await compactVerify(token, key, { algorithms: [algorithm] })
  return { header: protectedHeader, payload: JSON.parse(new TextDecoder().decode(payload)) }
}

export const TASKS = {
  'jws-sign': [imported, sign],
  'jws-verify': [imported, verify],
}
