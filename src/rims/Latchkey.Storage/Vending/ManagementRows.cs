using Latchkey.Sts;
using Latchkey.Vending;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Vending;

/// <summary>Management tokens in rows and back.</summary>
internal static class ManagementRows
{
    private const string Columns =
        "pan, kind, value, reason, first_approver, second_approver, sgc, ti, krn, kt, ken, base_year, ea, tid, at, token, id";

    public static ManagementIssue? Find(SqliteSession session, Guid id) =>
        session.First($"SELECT {Columns} FROM vend_management WHERE id = ?1", Read, GuidBlob.Of(id));

    public static ManagementIssue? FindByToken(SqliteSession session, TokenNumber token) =>
        session.First($"SELECT {Columns} FROM vend_management WHERE token = ?1", Read, token.ToString());

    public static IReadOnlyList<ManagementIssue> Newest(SqliteSession session, int limit) =>
        session.Query($"SELECT {Columns} FROM vend_management ORDER BY at DESC, id LIMIT ?1", Read, limit);

    public static void Save(SqliteSession session, ManagementIssue issue) => session.Execute(
        """
        INSERT INTO vend_management (id, pan, kind, value, reason, first_approver, second_approver, sgc, ti, krn, kt, ken, base_year, ea, tid, at, token)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17) ON CONFLICT (id) DO UPDATE SET token = ?17
        """,
        GuidBlob.Of(issue.Id), (long)issue.Request.Pan.Value, (int)issue.Request.Kind, (int)issue.Request.Value, issue.Request.Reason,
        issue.Request.FirstApprover, issue.Request.SecondApprover, issue.Key.SupplyGroup.ToString(), issue.Key.TariffIndex.ToString(),
        issue.Key.KeyRevision.Value, (int)issue.Key.KeyType, (int)issue.Key.KeyExpiry.Value, issue.Key.BaseDate.Year, (int)issue.Key.Algorithm,
        (long)issue.Tid.Minutes, KeyColumns.Milliseconds(issue.At), issue.Token?.ToString());

    private static ManagementIssue Read(SqliteDataReader row)
    {
        MeterPan pan = KeyColumns.ReadPan(row, 0);
        return new ManagementIssue(
            new ManagementRequest(
                GuidBlob.Read((byte[])row.GetValue(16)), pan, (ManagementSubClass)row.GetInt32(1), (ushort)row.GetInt32(2), row.GetString(3), row.GetString(4), row.GetString(5)),
            KeyColumns.ReadKey(row, pan, 6),
            TokenIdentifier.FromMinutes((uint)row.GetInt64(13)),
            KeyColumns.ReadTime(row, 14),
            row.IsDBNull(15) ? null : TokenNumber.Parse(row.GetString(15)));
    }
}
