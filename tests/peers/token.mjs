// A token as the record has it: signed, and checked when a session begins.

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';

const secret = randomBytes(32);
const part = (value) => Buffer.from(JSON.stringify(value)).toString('base64url');
const signature = (text) => createHmac('sha256', secret).update(text).digest();

export function newToken() {
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: 'ada', exp: Date.now() + 3_600_000 })}`;
  return `${text}.${signature(text).toString('base64url')}`;
}

export function isValid(token) {
  const end = String(token).lastIndexOf('.');
  const given = Buffer.from(token.slice(end + 1), 'base64url');
  const right = signature(token.slice(0, end));
  if (given.length !== right.length || !timingSafeEqual(given, right)) return false;
  return JSON.parse(Buffer.from(token.split('.')[1], 'base64url')).exp > Date.now();
}
