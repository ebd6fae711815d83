using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Vending;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Vending;

/// <summary>Refunds on SQLite.</summary>
public sealed class SqliteRefunds(SqliteDatabase database) : IRefundStore
{
    private const string Columns = "id, pan, minor_units, currency, reason, first_approver, second_approver, at";

    public Task<bool> AddAsync(EnergyRefund refund, CancellationToken cancellationToken) => database.WriteAsync(
        s =>
        {
            if (s.First($"SELECT {Columns} FROM vend_refund WHERE id = ?1", Read, GuidBlob.Of(refund.Id)) is { } there) return there with { At = refund.At } == refund;
            s.Execute(
                $"INSERT INTO vend_refund ({Columns}) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
                GuidBlob.Of(refund.Id), (long)refund.Pan.Value, refund.Worth.MinorUnits, refund.Worth.Currency.ToString(), refund.Reason,
                refund.FirstApprover, refund.SecondApprover, KeyColumns.Milliseconds(refund.At));
            return true;
        },
        cancellationToken);

    public IReadOnlyList<EnergyRefund> Of(MeterPan pan) =>
        database.ReadOne(s => s.Query($"SELECT {Columns} FROM vend_refund WHERE pan = ?1 ORDER BY at, id", Read, (long)pan.Value));

    private static EnergyRefund Read(SqliteDataReader row) => Currency.TryParse(row.GetString(3), out Currency currency)
        ? new EnergyRefund(
            GuidBlob.Read((byte[])row.GetValue(0)), KeyColumns.ReadPan(row, 1), new Money(row.GetInt64(2), currency), row.GetString(4), row.GetString(5),
            row.GetString(6), KeyColumns.ReadTime(row, 7))
        : throw new StorageException(StorageFailure.Damaged, $"A refund in '{row.GetString(3)}', which is no currency here.");
}
