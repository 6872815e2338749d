export {
  MAX_STUN_BYTES,
  STUN_BINDING,
  STUN_TRANSACTION_ID_BYTES,
  StunAttributeType,
  decodeStunMessage,
  isStunMessage,
} from './stun';
export type { StunAddress, StunAttribute, StunMessage, StunMessageClass } from './stun';
export { encodeBindingError, encodeBindingRequest, encodeBindingSuccess } from './stun-encoder';
export type { BindingError, BindingRequest, BindingSuccess } from './stun-encoder';
export { verifyMessageIntegrity } from './stun-integrity';
export { formatStunUrl, parseStunUrl } from './stun-url';
export { classifyMapping } from './nat-mapping';
export type { NatClassification, NatMapping, NatObservation } from './nat-mapping';
export { NatProbe } from './nat-probe';
export type { NatProbeOptions, NatProbeResult, NatProbeTimings, StunPacket } from './nat-probe';
export { NatProber, isSameNat } from './nat-prober';
export type { NatError, NatProberEvents, NatProberOptions } from './nat-prober';
export { probeNat } from './probe-nat';
export type { ProbeNatOptions } from './probe-nat';
