-- What a receiver answered to a message, and messages that are sent again by a person.
alter table operations.message
  -- The status and the first 2 KiB.
  add column answer text,
  add column repeat_of uuid constraint message_repeat_fk references operations.message,
  add column asked_by text;
create index message_repeat_idx on operations.message (repeat_of) where repeat_of is not null;
