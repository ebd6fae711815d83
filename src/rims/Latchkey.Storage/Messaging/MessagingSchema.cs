namespace Latchkey.Storage.Messaging;

/// <summary>The tables of the messaging room.</summary>
public static class MessagingSchema
{
    public static RoomSchema Room { get; } = new("messaging", new Migration(
        1,
        "messages, sendings, consents",
        """
        CREATE TABLE msg_message (
          notice_id TEXT NOT NULL PRIMARY KEY,
          kind INTEGER NOT NULL,
          recipient_id TEXT NOT NULL,
          language INTEGER NOT NULL,
          mini_program_open_id TEXT,
          service_open_id TEXT,
          phone_number TEXT,
          text_zh TEXT NOT NULL,
          text_en TEXT NOT NULL,
          field_values TEXT NOT NULL,
          created_at TEXT NOT NULL,
          state INTEGER NOT NULL,
          channel INTEGER,
          ruled_out INTEGER NOT NULL,
          attempts_on_channel INTEGER NOT NULL,
          attempts INTEGER NOT NULL,
          next_at TEXT,
          sent_at TEXT,
          shown TEXT,
          provider_message_id TEXT,
          last_code TEXT,
          version INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX msg_message_due ON msg_message (next_at) WHERE next_at IS NOT NULL;
        CREATE INDEX msg_message_created ON msg_message (created_at);
        CREATE INDEX msg_message_sent ON msg_message (sent_at) WHERE sent_at IS NOT NULL;
        CREATE INDEX msg_message_recipient ON msg_message (recipient_id, created_at);
        CREATE INDEX msg_message_provider ON msg_message (channel, provider_message_id) WHERE provider_message_id IS NOT NULL;
        CREATE TABLE msg_attempt (
          notice_id TEXT NOT NULL REFERENCES msg_message (notice_id),
          number INTEGER NOT NULL,
          channel INTEGER NOT NULL,
          at TEXT NOT NULL,
          verdict INTEGER NOT NULL,
          code TEXT NOT NULL,
          detail TEXT,
          PRIMARY KEY (notice_id, number)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE msg_consent (
          open_id TEXT NOT NULL,
          template_id TEXT NOT NULL,
          remaining INTEGER NOT NULL CHECK (remaining >= 0),
          PRIMARY KEY (open_id, template_id)
        ) STRICT, WITHOUT ROWID;
        CREATE TABLE msg_consent_event (
          template_id TEXT NOT NULL,
          event_key TEXT NOT NULL,
          PRIMARY KEY (template_id, event_key)
        ) STRICT, WITHOUT ROWID;
        """));
}
