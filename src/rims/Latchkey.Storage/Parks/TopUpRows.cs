using System.Collections.Immutable;
using Latchkey.Parks.Store;
using Latchkey.Parks.TopUps;
using Latchkey.Payments.Intents;
using Latchkey.Quantities;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Parks;

/// <summary>Top-ups to rows and back.</summary>
internal static class TopUpRows
{
    public const string AllColumns = """
        id, room_id, tenant_id, pan, amount, currency, provider, method, payer, created_at, state, paid_at, issued_at, sent_at, credited_at,
        ended_at, tokens, granted_mwh, told, code, due_at, failures, version
        """;

    /// <summary>Adds the row, or replaces the one of the same version.</summary>
    public static CommitResult Write(SqliteSession s, TopUp t)
    {
        if (s.Execute(
            """
            UPDATE parks_top_up SET state = ?2, paid_at = ?3, issued_at = ?4, sent_at = ?5, credited_at = ?6, ended_at = ?7, tokens = ?8,
                granted_mwh = ?9, told = ?10, code = ?11, due_at = ?12, failures = ?13, version = version + 1
            WHERE id = ?1 AND version = ?14
            """,
            GuidBlob.Of(t.Id), (int)t.State, Columns.Of(t.PaidAt), Columns.Of(t.IssuedAt), Columns.Of(t.SentAt), Columns.Of(t.CreditedAt),
            Columns.Of(t.EndedAt), string.Join(',', t.Tokens), t.Granted?.MilliwattHours, (int)t.Told, t.Code, Columns.Of(t.DueAt), t.Failures, t.Version) == 1)
        {
            return CommitResult.Committed;
        }

        return s.Execute(
            $"""
            INSERT INTO parks_top_up ({AllColumns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19,
                ?20, ?21, ?22, ?23)
            ON CONFLICT (id) DO NOTHING
            """,
            GuidBlob.Of(t.Id), GuidBlob.Of(t.RoomId), GuidBlob.Of(t.TenantId), Columns.Of(t.Pan), t.Amount.MinorUnits, t.Amount.Currency.Code,
            t.Provider, (int)t.Method, t.Payer, Columns.Of(t.CreatedAt), (int)t.State, Columns.Of(t.PaidAt), Columns.Of(t.IssuedAt),
            Columns.Of(t.SentAt), Columns.Of(t.CreditedAt), Columns.Of(t.EndedAt), string.Join(',', t.Tokens), t.Granted?.MilliwattHours,
            (int)t.Told, t.Code, Columns.Of(t.DueAt), t.Failures, t.Version) == 1
            ? CommitResult.Committed
            : CommitResult.VersionChanged;
    }

    public static TopUp Read(SqliteDataReader row) => new()
    {
        Id = row.Id(0),
        RoomId = row.Id(1),
        TenantId = row.Id(2),
        Pan = row.Pan(3),
        Amount = new Money(row.GetInt64(4), row.Currency(5)),
        Provider = row.GetString(6),
        Method = (PaymentMethod)row.GetInt32(7),
        Payer = row.TextOrNull(8),
        CreatedAt = row.Time(9),
        State = (TopUpState)row.GetInt32(10),
        PaidAt = row.TimeOrNull(11),
        IssuedAt = row.TimeOrNull(12),
        SentAt = row.TimeOrNull(13),
        CreditedAt = row.TimeOrNull(14),
        EndedAt = row.TimeOrNull(15),
        Tokens = [.. row.GetString(16).Split(',', StringSplitOptions.RemoveEmptyEntries)],
        Granted = row.IntegerOrNull(17) is { } granted ? Energy.FromMilliwattHours(granted) : null,
        Told = (TopUpNews)row.GetInt32(18),
        Code = row.TextOrNull(19),
        DueAt = row.TimeOrNull(20),
        Failures = row.GetInt32(21),
        Version = row.GetInt32(22),
    };
}
