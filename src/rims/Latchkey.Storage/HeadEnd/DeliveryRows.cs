using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using Latchkey.HeadEnd.Deliveries;
using Latchkey.ModuleLink.Messages;
using Latchkey.Sts;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.HeadEnd;

/// <summary>Deliveries to rows and back.</summary>
internal static class DeliveryRows
{
    private const string AllColumns = """
        id, pan, sequence, kind, tokens, subject, value, created_at, expires_at, due_at, held_until, state, proof, proven_by, meter_status,
        exchanges, datagrams, first_sent_at, link_acknowledged_at, closed_at, evidence
        """;

    /// <summary>What the kind column says. Stored: never renumber.</summary>
    private enum Kind
    {
        Credit = 1,
        Management = 2,
        KeyChange = 3,
        Relay = 4,
        Parameter = 5,
        ReadNow = 6,
    }

    public static Delivery? Find(SqliteSession session, Guid id) =>
        session.First($"SELECT {AllColumns} FROM headend_delivery WHERE id = ?1", Read, GuidBlob.Of(id));

    public static IReadOnlyList<Delivery> Open(SqliteSession session) =>
        session.Query($"SELECT {AllColumns} FROM headend_delivery WHERE state IN (1, 2) ORDER BY pan, sequence", Read);

    public static IReadOnlyList<Delivery> OfMeter(SqliteSession session, MeterPan pan, int limit) =>
        session.Query($"SELECT {AllColumns} FROM headend_delivery WHERE pan = ?1 ORDER BY sequence DESC LIMIT ?2", Read, Columns.Of(pan), limit);

    public static void Write(SqliteSession session, Delivery d)
    {
        (Kind kind, long? subject, long? value) = d.Content switch
        {
            DeliveryContent.Credit => (Kind.Credit, (long?)null, (long?)null),
            DeliveryContent.Management => (Kind.Management, null, null),
            DeliveryContent.KeyChange => (Kind.KeyChange, null, null),
            DeliveryContent.Relay r => (Kind.Relay, (long)r.Position, null),
            DeliveryContent.Parameter p => (Kind.Parameter, (long)p.Name, p.Value),
            DeliveryContent.ReadNow => (Kind.ReadNow, null, null),
            var other => throw new UnreachableException(other.GetType().Name),
        };
        session.Execute(
            $"INSERT OR REPLACE INTO headend_delivery ({AllColumns}) VALUES "
            + "(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
            GuidBlob.Of(d.Id), Columns.Of(d.Pan), d.Sequence, (int)kind, Text(d.Content.AllTokens), subject, value,
            Columns.Of(d.CreatedAt), Columns.Of(d.ExpiresAt), Columns.Of(d.DueAt), Columns.Of(d.HeldUntil), (int)d.State, (int)d.Proof,
            (int?)d.ProvenBy, d.MeterStatus, d.Exchanges, d.Datagrams, Columns.Of(d.FirstSentAt), Columns.Of(d.LinkAcknowledgedAt),
            Columns.Of(d.ClosedAt), d.Evidence);
    }

    private static Delivery Read(SqliteDataReader row) => new()
    {
        Id = row.Id(0),
        Pan = row.Pan(1),
        Sequence = (uint)row.GetInt64(2),
        Content = ReadContent(row),
        CreatedAt = row.Time(7),
        ExpiresAt = row.Time(8),
        DueAt = row.Time(9),
        HeldUntil = row.TimeOrNull(10),
        State = (DeliveryState)row.GetInt32(11),
        Proof = (ProofLevel)row.GetInt32(12),
        ProvenBy = (ProofSource?)(int?)row.IntegerOrNull(13),
        MeterStatus = (int?)row.IntegerOrNull(14),
        Exchanges = row.GetInt32(15),
        Datagrams = row.GetInt32(16),
        FirstSentAt = row.TimeOrNull(17),
        LinkAcknowledgedAt = row.TimeOrNull(18),
        ClosedAt = row.TimeOrNull(19),
        Evidence = row.TextOrNull(20),
    };

    private static DeliveryContent ReadContent(SqliteDataReader row)
    {
        ImmutableArray<DeliveryToken> tokens = Tokens(row.GetString(4));
        return (Kind)row.GetInt32(3) switch
        {
            Kind.Credit => new DeliveryContent.Credit(tokens),
            Kind.Management => new DeliveryContent.Management(tokens[0]),
            Kind.KeyChange => new DeliveryContent.KeyChange(tokens),
            Kind.Relay => new DeliveryContent.Relay((RelayPosition)row.GetInt32(5)),
            Kind.Parameter => new DeliveryContent.Parameter((MeterParameter)row.GetByte(5), row.GetInt64(6)),
            Kind.ReadNow => new DeliveryContent.ReadNow(),
            var other => throw new StorageException(StorageFailure.Damaged, $"A stored delivery has the unknown kind {other}."),
        };
    }

    // "20 digits:identifier:fate", the identifier empty where it is not known.
    private static string Text(ImmutableArray<DeliveryToken> tokens) => string.Join(
        ',', tokens.Select(t => string.Create(CultureInfo.InvariantCulture, $"{t.Number}:{t.TidMinutes}:{(int)t.Fate}")));

    private static ImmutableArray<DeliveryToken> Tokens(string text) => [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(Token)];

    private static DeliveryToken Token(string text)
    {
        string[] parts = text.Split(':');
        uint? tid = parts[1].Length == 0 ? null : uint.Parse(parts[1], CultureInfo.InvariantCulture);
        return new DeliveryToken(TokenNumber.Parse(parts[0]), tid, (TokenFate)int.Parse(parts[2], CultureInfo.InvariantCulture));
    }
}
