using System.Globalization;
using System.Security.Cryptography;
using Latchkey.Quantities;
using Latchkey.Tariffs;
using Latchkey.Vending;

namespace Latchkey.Server.ElectrumApi;

/// <summary>The rooms behind the contract.</summary>
internal sealed record ElectrumRooms(
    ElectrumSettings Settings, SaleBundles Bundles, KeyChangeDesk KeyChanges, IOrderDesk Orders, IClientMessages Messages, IMeterRecords Meters, DebtDesk Debts, TariffBook Tariffs, TimeProvider Time)
{
    /// <summary>The interface's clients and what they may sell in a day; null where there are none.</summary>
    public IApiClients? Clients { get; init; }

    /// <summary>A bench's: brings the case meter of this id back to its case after a sale. Null where meters are real.</summary>
    public Func<string, CancellationToken, Task>? Restore { get; init; }

    public VendingOptions? Vending { get; init; }

    public IMeterCards? Cards { get; init; }
}

/// <summary>Carries out the contract's calls with the seller's own rooms: real orders, real tokens, the client's ids.</summary>
internal sealed partial class ElectrumDesk(ElectrumRooms rooms)
{
    private const string Zeros = "00000000000000000000";
    private const int OrdersLookedThrough = 200;
    private readonly ElectrumMeters _meters = new(rooms.Settings, rooms.Meters, rooms.Cards);

    private string Institution => rooms.Settings.Utility.InstitutionId;

    public async Task<IResult> LookUpAsync(ElectrumRequest request, string client, CancellationToken cancellationToken)
    {
        const string Type = RequestTypes.Lookup;
        if (_meters.Find(request.Text("meter", "meterId")) is not ({ } meter, { } record)) return ElectrumError.UnknownMeter.For(Type, request.IdText);
        if (await KeepAsync(request, ClientMessageKind.Lookup, client, null, string.Empty, cancellationToken) is { } taken) return taken.For(Type, request.IdText);
        Currency currency = rooms.Settings.Currency;
        return new ElectrumAnswer(StatusCodes.Status201Created, json =>
        {
            request.Echo(json, Institution, ReferenceOf(request));
            KeyChange? change = rooms.KeyChanges.OpenFor(meter.Pan);
            ElectrumWriter.WriteMeter(json, meter, change?.From ?? record.Key, request, change?.To);
            ElectrumWriter.WriteCustomer(json, meter);
            ElectrumWriter.WriteUtility(json, rooms.Settings.Utility);
            ElectrumWriter.WriteAmount(json, "minAmount", meter.Minimum, currency);
            ElectrumWriter.WriteAmount(json, "maxAmount", meter.Maximum, currency);
            ElectrumWriter.WriteAmount(json, "arrearsAmount", rooms.Debts.Of(meter.Pan).Sum(d => d.MinorUnits), currency);
            json.WriteBoolean("bsstDue", rooms.Bundles.IsFreeDue(meter.Pan));
        });
    }

    public async Task<IResult> PurchaseAsync(ElectrumRequest request, string client, CancellationToken cancellationToken)
    {
        const string Type = RequestTypes.Purchase;
        if (Judge(request, request.Id, client, out PlaceOrder? order, out ElectrumMeter? meter) is { } wrong) return wrong.For(Type, request.IdText);
        if (await KeepAsync(request, ClientMessageKind.Purchase, client, null, string.Empty, cancellationToken) is { } taken) return taken.For(Type, request.IdText);
        IResult answer = await SellAsync(request, order!, meter!, Type, null, cancellationToken);

        // A bench's fault: the sale is made, its answer gets lost on the way.
        return meter!.LosesAnswers ? ElectrumError.LostAnswer.For(Type, request.IdText) : answer;
    }

    /// <summary>The original purchase again, under the retry's own id: the same tokens, or the purchase made now if it never arrived.</summary>
    public async Task<IResult> RetryAsync(ElectrumRequest request, Guid original, string client, CancellationToken cancellationToken)
    {
        const string Type = RequestTypes.Retry;
        string originalId = original.ToString("D");
        if (Judge(request, original, client, out PlaceOrder? order, out ElectrumMeter? meter) is { } wrong) return wrong.For(Type, request.IdText, originalId);
        if (await OwnerErrorAsync(request, original, client, ClientMessageKind.Purchase, cancellationToken) is { } foreign) return foreign.For(Type, request.IdText, originalId);
        if (await KeepAsync(request, ClientMessageKind.Retry, client, original, string.Empty, cancellationToken) is { } taken) return taken.For(Type, request.IdText, originalId);
        return await SellAsync(request, order!, meter!, Type, originalId, cancellationToken);
    }

    /// <summary>The figures of a purchase without making it.</summary>
    public async Task<IResult> TrialAsync(ElectrumRequest request, string client, CancellationToken cancellationToken)
    {
        const string Type = RequestTypes.Purchase;
        if (Judge(request, request.Id, client, out PlaceOrder? order, out ElectrumMeter? meter) is { } wrong) return wrong.For(Type, request.IdText);
        if (await KeepAsync(request, ClientMessageKind.Trial, client, null, string.Empty, cancellationToken) is { } taken) return taken.For(Type, request.IdText);
        return rooms.Bundles.Trial(order!) switch
        {
            BundleTrial.Declined declined => ElectrumError.Refused(declined.Code, declined.Detail).For(Type, request.IdText),
            BundleTrial.Priced priced => Tokens(
                request, meter!, priced.KeyChange, Enumerable.Repeat(Zeros, priced.KeyChange?.TokenCount ?? 0),
                [.. priced.Parts.Select(p => new AnsweredToken(p.Part, p.Terms, Zeros, null, TaxFactor(p.Terms)))], []),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
    }

    public async Task<IResult> ReprintAsync(ElectrumRequest request, string client, CancellationToken cancellationToken)
    {
        const string Type = RequestTypes.Reprint;
        if (_meters.Find(request.Text("meter", "meterId") ?? request.Text("meterId")) is not ({ } meter, _)) return ElectrumError.UnknownMeter.For(Type, request.IdText);
        if (await KeepAsync(request, ClientMessageKind.Reprint, client, null, string.Empty, cancellationToken) is { } taken) return taken.For(Type, request.IdText);
        IReadOnlyList<IssuedPart> parts = Reprinted(meter.Pan, request.Text("originalRef"), client);
        return parts.Count == 0 ? ElectrumError.NotFound.For(Type, request.IdText) : Issued(request, meter, rooms.Bundles.ChangeOf(parts[0].Order), parts, isCopy: true);
    }

    /// <summary>By the id of a purchase or of its retry, by a receipt's number, or the newest where nothing is named.</summary>
    private IReadOnlyList<IssuedPart> Reprinted(Sts.MeterPan pan, string? reference, string client)
    {
        if (reference is null || !ElectrumRequest.TryId(reference, out Guid id)) return rooms.Bundles.FindByReceipt(pan, reference, OrdersLookedThrough);
        if (rooms.Messages.Find(id) is not { } message || message.Client != client || message.Pan != pan) return [];
        return rooms.Bundles.Find(message.Kind == ClientMessageKind.Retry ? message.Original ?? id : id, pan);
    }

    public async Task<IResult> ReportFaultAsync(ElectrumRequest request, string client, CancellationToken cancellationToken)
    {
        const string Type = RequestTypes.FaultReport;
        if (_meters.Find(request.Text("meter", "meterId")) is not ({ } meter, _)) return ElectrumError.UnknownMeter.For(Type, request.IdText);
        string fault = request.Text("faultType") ?? "unspecified", contact = request.Text("contactNumber") ?? "none";
        if (await KeepAsync(request, ClientMessageKind.FaultReport, client, null, $"{fault}; call {contact}", cancellationToken) is { } taken) return taken.For(Type, request.IdText);
        string reference = ReferenceOf(request);
        return new ElectrumAnswer(StatusCodes.Status201Created, json =>
        {
            request.Echo(json, Institution, reference);
            json.WriteString("reference", "F" + reference);
            json.WriteString("description", $"{fault} at meter {meter.MeterId} is reported to {rooms.Settings.Utility.Name}.");
        });
    }

    /// <summary>Keeps a message; the error when its id is taken by another one.</summary>
    private async Task<ElectrumError?> KeepAsync(
        ElectrumRequest request, ClientMessageKind kind, string client, Guid? original, string detail, CancellationToken cancellationToken)
    {
        var message = new ClientMessage(
            request.Id, kind, client, rooms.Time.GetUtcNow(), original, _meters.Find(request.Text("meter", "meterId"))?.Meter.Pan,
            detail.Length <= ClientMessage.MaxDetailLength ? detail : detail[..ClientMessage.MaxDetailLength]);
        ClientMessage? there = await rooms.Messages.AddAsync(message, cancellationToken);

        // A retry or an advice that comes twice is the same one; a question or a purchase that comes twice is refused.
        bool isRepeat = there is not null && original is not null && there.Kind == kind && there.Client == client && there.Original == original;
        return there is null || isRepeat ? null : ElectrumError.Duplicate;
    }

    /// <summary>The wish to buy that a message carries, or what is wrong with it.</summary>
    private ElectrumError? Judge(ElectrumRequest request, Guid purchase, string client, out PlaceOrder? order, out ElectrumMeter? meter)
    {
        (order, meter) = (null, null);
        if (_meters.Find(request.Text("meter", "meterId")) is not ({ } found, _)) return ElectrumError.UnknownMeter;
        if (request.Amount("purchaseAmount") is not var (minor, currency)) return ElectrumError.Format("purchaseAmount: an amount in minor units and the currency's numeric code are expected.");
        if (minor < 0 || currency != rooms.Settings.Currency) return ElectrumError.Refused(VendingCodes.CurrencyMismatch, $"Amounts are in {rooms.Settings.Currency} and not below zero.");
        if (minor < found.Minimum) return ElectrumError.Refused(VendingCodes.AmountTooLow, $"The least purchase of this meter is {found.Minimum} minor units.");
        if (minor > found.Maximum) return ElectrumError.Refused(VendingCodes.AmountTooHigh, $"The greatest purchase of this meter is {found.Maximum} minor units.");
        meter = found;
        order = new PlaceOrder(purchase, found.Pan, new Money(minor, currency), rooms.Settings.Channel, purchase.ToString("N"), client);
        return null;
    }

    private async Task<IResult> SellAsync(ElectrumRequest request, PlaceOrder order, ElectrumMeter meter, string type, string? originalId, CancellationToken cancellationToken)
    {
        if (await CountAsync(order, cancellationToken) is { } over) return over.For(type, request.IdText, originalId);
        BundleOutcome outcome = await rooms.Bundles.PlaceAsync(order, cancellationToken);
        if (outcome is BundleOutcome.Declined && rooms.Clients is { } clients) await clients.UncountAsync(order.OrderId, order.Operator!, cancellationToken);
        if (outcome is BundleOutcome.Issued { IsReplay: false } && rooms.Restore is { } restore) await restore(meter.MeterId, cancellationToken);
        return outcome switch
        {
            BundleOutcome.Issued issued => Issued(request, meter, issued.KeyChange, issued.Parts, isCopy: false),
            BundleOutcome.IdReused => ElectrumError.Refused(VendingCodes.OrderIdReused, "The purchase of this id has other content.").For(type, request.IdText, originalId),
            BundleOutcome.Pending pending => ElectrumError.Unknown($"The purchase is under way ({pending.Code}).").For(type, request.IdText, originalId),
            BundleOutcome.Declined declined => ElectrumError.Refused(declined.Code, declined.Detail).For(type, request.IdText, originalId),
            var other => throw new System.Diagnostics.UnreachableException(other.GetType().Name),
        };
    }

    /// <summary>Holds a client of the interface to its day; the contract's own clients have no such limit.</summary>
    private async Task<ElectrumError?> CountAsync(PlaceOrder order, CancellationToken cancellationToken)
    {
        if (order.Amount.MinorUnits == 0 || rooms.Clients?.Find(order.Operator!) is not { } client || rooms.Vending is not { } vending) return null;
        return await rooms.Clients.CountAsync(order.OrderId, client, vending.Day(rooms.Time.GetUtcNow()), order.Amount.MinorUnits, cancellationToken) switch
        {
            SpendOutcome.Counted => null,
            SpendOutcome.OverLimit => ElectrumError.DayLimit,
            _ => ElectrumError.Duplicate,
        };
    }

    private ElectrumAnswer Issued(ElectrumRequest request, ElectrumMeter meter, KeyChange? change, IReadOnlyList<IssuedPart> parts, bool isCopy) => Tokens(
        request,
        meter,
        change,
        (change?.Tokens ?? []).Select(t => t.ToString()),
        [.. parts.Select(p => new AnsweredToken(p.Part, p.Order.Terms!, p.Order.Token!.Value.ToString(), p.Receipt.Number, TaxFactor(p.Order.Terms!)))],
        [.. parts.SelectMany(p => ReceiptText.Render(WithoutKeys(p.Receipt), ReceiptLanguage.English, isCopy).TrimEnd('\n').Split('\n'))]);

    /// <summary>The slip prints the key-change tokens above all receipts, as the contract has them apart.</summary>
    private static OrderReceipt WithoutKeys(OrderReceipt receipt) =>
        receipt with { Tokens = [.. receipt.Tokens.Where(t => t.Kind != ReceiptTokenKinds.KeyChange)] };

    private ElectrumAnswer Tokens(
        ElectrumRequest request, ElectrumMeter meter, KeyChange? change, IEnumerable<string> keyTokens, IReadOnlyList<AnsweredToken> tokens, IReadOnlyList<string> slip) => new(StatusCodes.Status201Created, json =>
    {
        request.Echo(json, Institution, tokens[0].Receipt ?? ReferenceOf(request));
        ElectrumWriter.WriteMeter(json, meter, change?.From ?? tokens[^1].Terms.Key, request, change?.To);
        ElectrumWriter.WriteCustomer(json, meter);
        ElectrumWriter.WriteUtility(json, rooms.Settings.Utility);
        json.WriteString("utilityType", request.Text("utilityType") ?? "Electricity");
        PurchaseAnswer.Write(json, keyTokens, tokens, rooms.Settings.Currency);
        if (slip.Count > 0) SlipWriter.Write(json, meter.Slip, [.. keyTokens.SelectMany(SlipWriter.KeyLines), .. slip], tokens[0].Receipt!);
    });

    /// <summary>What one unit of net money for energy comes to with tax, by the version that the sale was made with.</summary>
    private decimal TaxFactor(SaleTerms terms)
    {
        ValueAddedTax? vat = rooms.Tariffs.All.FirstOrDefault(t => t.Id == terms.TariffId && t.Valid.From == terms.TariffFrom)?.Vat;
        if (vat is null || !vat.Base.Contains(ValueAddedTax.Energy, StringComparer.Ordinal)) return 1;
        return decimal.Parse((Rational.One + vat.PerNet).ToString(12), CultureInfo.InvariantCulture);
    }

    /// <summary>Our own identifier of a message: ten digits that follow from its id.</summary>
    private static string ReferenceOf(ElectrumRequest request)
    {
        ulong number = BitConverter.ToUInt64(SHA256.HashData(request.Id.ToByteArray(bigEndian: true)), 0) % 10_000_000_000;
        return number.ToString("D10", CultureInfo.InvariantCulture);
    }
}
