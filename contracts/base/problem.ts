import { Type, type Static } from 'typebox';

/** RFC 9457 problem document, with a stable code and the id under which the incident stands in the log. */
export const Problem = Type.Object(
  {
    type: Type.String({ description: 'URI reference of the code' }),
    title: Type.String({ description: "The code's text in the caller's language" }),
    status: Type.Integer(),
    code: Type.String(),
    incidentId: Type.String(),
    detail: Type.Optional(Type.String()),
    fields: Type.Optional(Type.Array(Type.Object({ path: Type.String(), code: Type.String(), message: Type.String() }))),
    allowed: Type.Optional(Type.Array(Type.String(), { description: 'The actions the present state allows' })),
    current: Type.Optional(Type.Object({ state: Type.String(), version: Type.Integer() })),
    retryAfterS: Type.Optional(Type.Integer()),
  },
  { $id: 'Problem', additionalProperties: true },
);
export type Problem = Static<typeof Problem>;
