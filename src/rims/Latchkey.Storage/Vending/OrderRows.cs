using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Vending;
using Microsoft.Data.Sqlite;

namespace Latchkey.Storage.Vending;

/// <summary>Orders in rows and back.</summary>
internal static class OrderRows
{
    public const string Columns = """
        id, state, pan, minor_units, currency, channel, payment_reference, operator, attempt,
        received_at, held_at, posted_at, delivered_at, credited_at, ended_at, tid, terms, refusal, token, answer, proof_kind, proof_at, proof_evidence
        """;

    public static VendOrder Read(SqliteDataReader row)
    {
        if (!Currency.TryParse(row.GetString(4), out Currency currency))
            throw new StorageException(StorageFailure.Damaged, $"An order in '{row.GetString(4)}', which is no currency here.");

        var command = new PlaceOrder(
            GuidBlob.Read((byte[])row.GetValue(0)), KeyColumns.ReadPan(row, 2), new Money(row.GetInt64(3), currency), row.GetString(5),
            KeyColumns.ReadText(row, 6), KeyColumns.ReadText(row, 7));
        var times = new OrderTimes(
            KeyColumns.ReadTime(row, 9), KeyColumns.ReadOptionalTime(row, 10), KeyColumns.ReadOptionalTime(row, 11),
            KeyColumns.ReadOptionalTime(row, 12), KeyColumns.ReadOptionalTime(row, 13), KeyColumns.ReadOptionalTime(row, 14));
        TokenIdentifier? tid = row.IsDBNull(15) ? null : TokenIdentifier.FromMinutes((uint)row.GetInt64(15));
        return new VendOrder(
            command,
            (OrderState)row.GetInt32(1),
            times,
            row.IsDBNull(16) ? null : SaleTermsCodec.Decode((byte[])row.GetValue(16)),
            tid,
            KeyColumns.ReadText(row, 17),
            row.IsDBNull(18) ? null : TokenNumber.Parse(row.GetString(18)),
            row.IsDBNull(19) ? default : (byte[])row.GetValue(19),
            row.IsDBNull(20) ? null : new CreditProof((CreditProofKind)row.GetInt32(20), tid!.Value, KeyColumns.ReadTime(row, 21), row.GetString(22)),
            row.GetInt32(8));
    }

    public static void Save(SqliteSession session, VendOrder o) => session.Execute(
        """
        INSERT INTO vend_order (
            id, state, pan, minor_units, currency, channel, payment_reference, operator, attempt, received_at, held_at, posted_at, delivered_at,
            credited_at, ended_at, base_year, tid, terms, refusal, token, answer, proof_kind, proof_at, proof_evidence)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24)
        ON CONFLICT (id) DO UPDATE SET
            state = ?2, attempt = ?9, held_at = ?11, posted_at = ?12, delivered_at = ?13, credited_at = ?14, ended_at = ?15, base_year = ?16, tid = ?17,
            terms = ?18, refusal = ?19, token = ?20, answer = ?21, proof_kind = ?22, proof_at = ?23, proof_evidence = ?24
        """,
        GuidBlob.Of(o.Id), (int)o.State, (long)o.Command.Pan.Value, o.Command.Amount.MinorUnits, o.Command.Amount.Currency.ToString(), o.Command.Channel,
        o.Command.PaymentReference, o.Command.Operator, o.Attempt, KeyColumns.Milliseconds(o.Times.Received), KeyColumns.Milliseconds(o.Times.Held),
        KeyColumns.Milliseconds(o.Times.Posted), KeyColumns.Milliseconds(o.Times.Delivered), KeyColumns.Milliseconds(o.Times.Credited),
        KeyColumns.Milliseconds(o.Times.Ended), o.Terms?.Key.BaseDate.Year, o.Tid is { } tid ? (long)tid.Minutes : null,
        o.Terms is null ? null : SaleTermsCodec.Encode(o.Terms), o.RefusalCode, o.Token?.ToString(), o.Answer.IsEmpty ? null : o.Answer.ToArray(),
        o.Proof is null ? null : (int)o.Proof.Kind, o.Proof is null ? null : KeyColumns.Milliseconds(o.Proof.At), o.Proof?.Evidence);

    public static void Advance(SqliteSession session, VendOrder o) => session.Execute(
        """
        UPDATE vend_order SET state = ?2, posted_at = ?3, delivered_at = ?4, credited_at = ?5, ended_at = ?6, refusal = ?7, token = ?8, answer = ?9,
            proof_kind = ?10, proof_at = ?11, proof_evidence = ?12
        WHERE id = ?1
        """,
        GuidBlob.Of(o.Id), (int)o.State, KeyColumns.Milliseconds(o.Times.Posted), KeyColumns.Milliseconds(o.Times.Delivered),
        KeyColumns.Milliseconds(o.Times.Credited), KeyColumns.Milliseconds(o.Times.Ended), o.RefusalCode, o.Token?.ToString(),
        o.Answer.IsEmpty ? null : o.Answer.ToArray(), o.Proof is null ? null : (int)o.Proof.Kind,
        o.Proof is null ? null : KeyColumns.Milliseconds(o.Proof.At), o.Proof?.Evidence);
}
