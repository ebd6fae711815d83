using Latchkey.Quantities;
using Latchkey.Sts;
using Latchkey.Tariffs;

namespace Latchkey.Vending.Apart;

/// <summary>Orders on their way to the signer, without what it does not need: names, places and payments stay with the seller.</summary>
public static partial class SignerWire
{
    // Together with the number of orders they keep the longest request below the longest frame.
    private const int MaxSubsidies = 8, MaxSubsidyName = 128;

    private static byte WriteOrders(ref PackedWriter to, SignerRequest.Sign sign)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(sign.Orders.Count, MaxOrders);
        to.Integer(sign.Orders.Count);
        foreach ((VendOrder order, HeldEntry held) in sign.Orders) WriteOrder(ref to, order, held);
        return 2;
    }

    private static void WriteOrder(ref PackedWriter to, VendOrder order, HeldEntry held)
    {
        SaleTerms terms = order.Terms!;
        WriteId(ref to, order.Id);
        to.Integer(order.Attempt);
        to.Integer(order.Command.Amount.MinorUnits);
        to.Text(order.Command.Amount.Currency.Code);
        SaleTermsCodec.WriteKey(ref to, terms.Key);
        to.Integer(order.Tid!.Value.Minutes);
        to.Integer(terms.TenthsGranted);
        to.Integer(terms.RoundingMinorUnits);
        to.Integer(terms.PrepaidMinorUnits);
        SaleLine[] subsidies = [.. Subsidies(terms)];
        to.Integer(subsidies.Length);
        foreach (SaleLine line in subsidies)
        {
            to.Text(line.Name);
            to.Integer(line.MinorUnits);
        }

        WriteEntry(ref to, held);
    }

    /// <summary>True where an order can be put on the line; one that cannot is no held order, and the signer would refuse it.</summary>
    public static bool IsSendable(VendOrder order) =>
        order is { Terms: { } terms, Tid: not null } && order.Command.Pan == terms.Key.Pan && order.Command.Amount.Currency.Code is not null
        && Subsidies(terms).Count() <= MaxSubsidies && Subsidies(terms).All(l => l.Name.Length <= MaxSubsidyName);

    private static IEnumerable<SaleLine> Subsidies(SaleTerms terms) => terms.Lines.Where(l => l.Kind == PriceLineKind.Subsidy && l.MinorUnits != 0);

    private static SignerRequest.Sign ReadOrders(ref PackedReader from)
    {
        var orders = new (VendOrder Order, HeldEntry Held)[from.Count(MaxOrders)];
        for (int i = 0; i < orders.Length; i++) orders[i] = (ReadOrder(ref from), ReadEntry(ref from));
        return new SignerRequest.Sign(orders);
    }

    private static VendOrder ReadOrder(ref PackedReader from)
    {
        Guid id = ReadId(ref from);
        int attempt = checked((int)from.Integer());
        long minorUnits = from.Integer();
        if (!Currency.TryParse(from.Text(), out Currency currency)) throw new FormatException("No such currency.");
        DecoderKeyAttributes key = ReadKey(ref from);
        TokenIdentifier tid = ReadTid(ref from);
        (long tenths, long rounding, long prepaid) = (from.Integer(), from.Integer(), from.Integer());
        var lines = new SaleLine[from.Count(MaxSubsidies)];
        for (int i = 0; i < lines.Length; i++) lines[i] = new SaleLine(PriceLineKind.Subsidy, ReadText(ref from), null, null, from.Integer());
        var terms = new SaleTerms(key, string.Empty, null, string.Empty, tenths, rounding, lines, string.Empty, string.Empty, string.Empty, string.Empty) { PrepaidMinorUnits = prepaid };
        var command = new PlaceOrder(id, key.Pan, new Money(minorUnits, currency), string.Empty);
        return new VendOrder(command, OrderState.Held, new OrderTimes(DateTimeOffset.UnixEpoch), terms, tid, Attempt: attempt);
    }

    private static byte WriteManagement(ref PackedWriter to, SignerRequest.SignManagement request)
    {
        ManagementIssue issue = request.Issue;
        WriteId(ref to, issue.Id);
        SaleTermsCodec.WriteKey(ref to, issue.Key);
        to.Integer((int)issue.Request.Kind);
        to.Integer(issue.Request.Value);
        to.Integer(issue.Tid.Minutes);
        WriteEntry(ref to, request.Posted);
        return 3;
    }

    private static SignerRequest.SignManagement ReadManagement(ref PackedReader from)
    {
        Guid id = ReadId(ref from);
        DecoderKeyAttributes key = ReadKey(ref from);
        var kind = (ManagementSubClass)checked((int)from.Integer());
        ushort value = checked((ushort)from.Integer());
        TokenIdentifier tid = ReadTid(ref from);
        var request = new ManagementRequest(id, key.Pan, kind, value, string.Empty, string.Empty, string.Empty);
        return new SignerRequest.SignManagement(new ManagementIssue(request, key, tid, DateTimeOffset.UnixEpoch, null), ReadEntry(ref from));
    }

    private static byte WriteKeyChange(ref PackedWriter to, SignerRequest.SignKeyChange request)
    {
        WriteId(ref to, request.Change.Id);
        SaleTermsCodec.WriteKey(ref to, request.Change.From);
        SaleTermsCodec.WriteKey(ref to, request.Change.To);
        to.Flag(request.Change.TakesThirdToken);
        to.Integer(request.Change.Tid!.Value.Minutes);
        WriteEntry(ref to, request.Posted);
        return 4;
    }

    private static SignerRequest.SignKeyChange ReadKeyChange(ref PackedReader from)
    {
        Guid id = ReadId(ref from);
        DecoderKeyAttributes old = ReadKey(ref from), fresh = ReadKey(ref from);
        bool third = from.Flag();
        TokenIdentifier tid = ReadTid(ref from);
        var change = new KeyChange(id, old, fresh, third, KeyChangePolicy.OnRequest, KeyChangeState.Issued, DateTimeOffset.UnixEpoch, tid, []);
        return new SignerRequest.SignKeyChange(change, ReadEntry(ref from));
    }
}
