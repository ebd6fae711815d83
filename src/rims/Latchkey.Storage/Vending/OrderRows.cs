using System.Globalization;
using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Vending;

namespace Latchkey.Storage.Vending;

/// <summary>Orders in rows and back.</summary>
internal static class OrderRows
{
    public const string Columns = """
        o.id, o.state, o.pan, o.minor_units, o.currency, o.channel, o.payment_reference, o.operator, o.attempt,
        o.received_at, o.held_at, o.posted_at, o.delivered_at, o.credited_at, o.ended_at, o.tid, o.terms, o.refusal, o.token,
        o.proof_kind, o.proof_at, o.proof_evidence, (SELECT a.answer FROM vend_answer a WHERE a.no = o.no), o.terminal, o.tender, o.tendered, o.cash_rounding
        """;

    private const string FindById = $"SELECT {Columns} FROM vend_order o WHERE o.id = ?1";

    private const string Insert = """
        INSERT INTO vend_order (
            id, state, pan, minor_units, currency, channel, payment_reference, operator, attempt, received_at, held_at, posted_at, delivered_at,
            credited_at, ended_at, base_year, tid, terms, refusal, token, proof_kind, proof_at, proof_evidence, terminal, tender, tendered, cash_rounding)
        VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27)
        ON CONFLICT (id) DO UPDATE SET
            state = ?2, attempt = ?9, held_at = ?11, posted_at = ?12, delivered_at = ?13, credited_at = ?14, ended_at = ?15, base_year = ?16, tid = ?17,
            terms = ?18, refusal = ?19, token = ?20, proof_kind = ?21, proof_at = ?22, proof_evidence = ?23
        """;

    private const string Update = """
        UPDATE vend_order SET state = ?2, posted_at = ?3, delivered_at = ?4, credited_at = ?5, ended_at = ?6, refusal = ?7, token = ?8,
            proof_kind = ?9, proof_at = ?10, proof_evidence = ?11
        WHERE id = ?1
        """;

    // The rows of the answers carry their orders' numbers, which the orders keep from the moment they are held.
    private const string InsertAnswer =
        "INSERT INTO vend_answer (no, answer) SELECT no, ?2 FROM vend_order WHERE id = ?1 ON CONFLICT (no) DO NOTHING";

    public static VendOrder? Find(SqliteSession session, Guid id)
    {
        SqliteStatement query = session.Statement(FindById);
        VendOrder? order = query.Bind(1, id).Step() ? Read(query) : null;
        query.Reset();
        return order;
    }

    // Asked for rarely and by hand: a scan, rather than an index that every sale would have to keep.
    public static VendOrder? FindByToken(SqliteSession session, TokenNumber token)
    {
        SqliteStatement query = session.Statement($"SELECT {Columns} FROM vend_order o WHERE o.token = ?1");
        VendOrder? order = query.Bind(1, token.ToString()).Step() ? Read(query) : null;
        query.Reset();
        return order;
    }

    /// <summary>Where the order stands, and in its which attempt, without reading all of it.</summary>
    public static (OrderState State, int Attempt)? FindState(SqliteSession session, Guid id)
    {
        SqliteStatement query = session.Statement("SELECT state, attempt FROM vend_order WHERE id = ?1");
        (OrderState, int)? state = query.Bind(1, id).Step() ? ((OrderState)query.Integer(0), (int)query.Integer(1)) : null;
        query.Reset();
        return state;
    }

    public static VendOrder Read(SqliteStatement row)
    {
        string code = row.Text(4);
        if (!Currency.TryParse(code, out Currency currency))
            throw new StorageException(StorageFailure.Damaged, $"An order in '{code}', which is no currency here.");

        var command = new PlaceOrder(row.Id(0), Pan(row.Integer(2)), new Money(row.Integer(3), currency), row.Text(5), row.TextOrNull(6), row.TextOrNull(7), row.TextOrNull(23), Tender(row));
        var times = new OrderTimes(Time(row.Integer(9)), Time(row, 10), Time(row, 11), Time(row, 12), Time(row, 13), Time(row, 14));
        TokenIdentifier? tid = row.IsNull(15) ? null : TokenIdentifier.FromMinutes((uint)row.Integer(15));
        return new VendOrder(
            command,
            (OrderState)row.Integer(1),
            times,
            row.BytesOrNull(16) is { } terms ? SaleTermsCodec.Decode(terms) : null,
            tid,
            row.TextOrNull(17),
            row.TextOrNull(18) is { } token ? TokenNumber.Parse(token) : null,
            row.BytesOrNull(22) ?? default,
            row.IsNull(19) ? null : new CreditProof((CreditProofKind)row.Integer(19), tid!.Value, Time(row.Integer(20)), row.Text(21)),
            (int)row.Integer(8));
    }

    public static void Save(SqliteSession session, VendOrder o)
    {
        SqliteStatement insert = session.Statement(Insert)
            .Bind(1, o.Id).Bind(2, (long)o.State).Bind(3, (long)o.Command.Pan.Value).Bind(4, o.Command.Amount.MinorUnits)
            .Bind(5, o.Command.Amount.Currency.ToString()).Bind(6, o.Command.Channel).Bind(7, o.Command.PaymentReference).Bind(8, o.Command.Operator)
            .Bind(9, o.Attempt).Bind(10, KeyColumns.Milliseconds(o.Times.Received)).Bind(11, o.Times.Held?.ToUnixTimeMilliseconds())
            .Bind(12, o.Times.Posted?.ToUnixTimeMilliseconds()).Bind(13, o.Times.Delivered?.ToUnixTimeMilliseconds())
            .Bind(14, o.Times.Credited?.ToUnixTimeMilliseconds()).Bind(15, o.Times.Ended?.ToUnixTimeMilliseconds())
            .Bind(16, (long?)o.Terms?.Key.BaseDate.Year).Bind(17, (long?)o.Tid?.Minutes);
        if (o.Terms is null) insert.BindNull(18);
        else insert.Bind(18, SaleTermsCodec.Encode(o.Terms).AsSpan());
        insert.Bind(19, o.RefusalCode).Bind(20, o.Token?.ToString()).Bind(21, (long?)o.Proof?.Kind).Bind(22, o.Proof?.At.ToUnixTimeMilliseconds())
            .Bind(23, o.Proof?.Evidence).Bind(24, o.Command.Terminal).Bind(25, (long?)o.Command.Tender?.Kind)
            .Bind(26, o.Command.Tender?.TenderedMinorUnits).Bind(27, o.Command.Tender?.RoundedMinorUnits).Run();
        SaveAnswer(session, o);
    }

    public static void Advance(SqliteSession session, VendOrder o)
    {
        session.Statement(Update)
            .Bind(1, o.Id).Bind(2, (long)o.State).Bind(3, o.Times.Posted?.ToUnixTimeMilliseconds()).Bind(4, o.Times.Delivered?.ToUnixTimeMilliseconds())
            .Bind(5, o.Times.Credited?.ToUnixTimeMilliseconds()).Bind(6, o.Times.Ended?.ToUnixTimeMilliseconds()).Bind(7, o.RefusalCode)
            .Bind(8, o.Token?.ToString()).Bind(9, (long?)o.Proof?.Kind).Bind(10, o.Proof?.At.ToUnixTimeMilliseconds()).Bind(11, o.Proof?.Evidence).Run();

        // The answer is written once, when there is one for the first time.
        if (o.State == OrderState.Posted) SaveAnswer(session, o);
    }

    private static void SaveAnswer(SqliteSession session, VendOrder o)
    {
        if (!o.Answer.IsEmpty) session.Statement(InsertAnswer).Bind(1, o.Id).Bind(2, o.Answer.Span).Run();
    }

    private static SaleTender? Tender(SqliteStatement row) =>
        row.IsNull(24) ? null : new SaleTender((TenderKind)row.Integer(24), row.Integer(25), row.Integer(26));

    private static MeterPan Pan(long value) => MeterPan.Parse(value.ToString("D18", CultureInfo.InvariantCulture));

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);

    private static DateTimeOffset? Time(SqliteStatement row, int column) => row.IsNull(column) ? null : Time(row.Integer(column));
}
