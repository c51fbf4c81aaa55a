// Status lists with `@digitalbazaar/vc-bitstring-status-list` and `@sd-jwt/jwt-status-list`; neither signs, so what they make is bare.

import { createCredential, createList, decodeList } from '@digitalbazaar/vc-bitstring-status-list'
import { createHeaderAndPayload, getListFromStatusListJWT, StatusList } from '@sd-jwt/jwt-status-list'

const nothing = () => undefined

async function makeCredential(_, { id, length, set, purpose }) {
  const list = await createList({ length })
  for (const number of set) list.setStatus(number, true)
  return createCredential({ id, list, statusPurpose: purpose })
}

async function readBits(_, { encodedList, asked }) {
  const list = await decodeList({ encodedList })
  return asked.map((number) => Number(list.getStatus(number)))
}

function makeToken(_, { values, bits, claims, header }) {
  return createHeaderAndPayload(new StatusList(values, bits), claims, header)
}

function readToken(_, { token, asked }) {
  const list = getListFromStatusListJWT(token)
  return asked.map((number) => list.getStatus(number))
}

export const TASKS = {
  'status-make-credential': [nothing, makeCredential],
  'status-read-bits': [nothing, readBits],
  'status-make-token': [nothing, makeToken],
  'status-read-token': [nothing, readToken],
}
