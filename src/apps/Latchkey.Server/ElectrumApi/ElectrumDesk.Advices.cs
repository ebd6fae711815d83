using Latchkey.Vending;

namespace Latchkey.Server.ElectrumApi;

/// <summary>Advices: what became of a purchase at the till. Each may come again, and in any order.</summary>
internal sealed partial class ElectrumDesk
{
    public async Task<IResult> ConfirmAsync(ElectrumRequest request, Guid purchase, string client, CancellationToken cancellationToken)
    {
        if (Advised(request, purchase, client, ClientMessageKind.Purchase, RequestTypes.Confirmation, out Guid original) is { } wrong) return wrong;
        if (await KeepAsync(request, ClientMessageKind.Confirmation, client, original, string.Empty, cancellationToken) is { } taken)
            return taken.For(RequestTypes.Confirmation, request.IdText, original.ToString("D"));

        // The customer has the tokens: from here on nothing of it can be called back.
        foreach (IssuedPart part in PartsOf(original)) await rooms.Orders.MarkDeliveredAsync(part.Order.Id, cancellationToken);
        return Accepted(request);
    }

    /// <summary>Taken note of in any case. Money moves only where no token can be in anybody's hands.</summary>
    public async Task<IResult> ReverseAsync(ElectrumRequest request, Guid purchase, string client, CancellationToken cancellationToken)
    {
        if (Advised(request, purchase, client, ClientMessageKind.Purchase, RequestTypes.Reversal, out Guid original) is { } wrong) return wrong;
        string reason = request.Text("reversalReason") ?? "unspecified";

        // An advice that was taken note of is not sent again: while nobody knows whether there is a token the client must keep it.
        if (rooms.Messages.Find(request.Id) is null
            && await rooms.Orders.ReverseAsync(original, reason, cancellationToken) is ReversalOutcome.Refused refused && UnknownOf(refused.Code) is { } unknown)
        {
            return unknown.For(RequestTypes.Reversal, request.IdText, original.ToString("D"));
        }

        if (await KeepAsync(request, ClientMessageKind.Reversal, client, original, reason, cancellationToken) is { } taken)
            return taken.For(RequestTypes.Reversal, request.IdText, original.ToString("D"));
        return Accepted(request);
    }

    /// <summary>The tokens that bring a meter its new key, where one is planned.</summary>
    public async Task<IResult> ChangeKeyAsync(ElectrumRequest request, string client, CancellationToken cancellationToken)
    {
        const string Type = RequestTypes.KeyChange;
        if (_meters.Find(request.Text("meter", "meterId")) is not ({ } meter, _)) return ElectrumError.UnknownMeter.For(Type, request.IdText);
        if (await KeepAsync(request, ClientMessageKind.KeyChange, client, null, string.Empty, cancellationToken) is { } taken) return taken.For(Type, request.IdText);
        if (await rooms.KeyChanges.IssueAsync(meter.Pan, cancellationToken) is not KeyChangeOutcome.Issued { Change: var change })
            return ElectrumError.Refused(VendingCodes.NoKeyChange, "No change of keys is planned for this meter.").For(Type, request.IdText);
        return new ElectrumAnswer(StatusCodes.Status201Created, json =>
        {
            request.Echo(json, Institution, ReferenceOf(request));
            ElectrumWriter.WriteMeter(json, meter, change.From, request, change.To);
            ElectrumWriter.WriteCustomer(json, meter);
            ElectrumWriter.WriteUtility(json, rooms.Settings.Utility);
            json.WriteString("utilityType", "Electricity");
            json.WriteStartArray("tokens");
            foreach (Sts.TokenNumber token in change.Tokens) ElectrumWriter.WriteKeyToken(json, token.ToString(), rooms.Settings.Currency);
            json.WriteEndArray();
        });
    }

    /// <summary>The customer has the key-change tokens, or has not; whether the meter has them only the meter can tell.</summary>
    public async Task<IResult> AdviseKeyChangeAsync(
        ElectrumRequest request, Guid original, string client, ClientMessageKind kind, string type, CancellationToken cancellationToken)
    {
        if (Advised(request, original, client, ClientMessageKind.KeyChange, type, out Guid first) is { } wrong) return wrong;
        string detail = request.Text("reversalReason") ?? string.Empty;
        return await KeepAsync(request, kind, client, first, detail, cancellationToken) is { } taken
            ? taken.For(type, request.IdText, first.ToString("D"))
            : Accepted(request);
    }

    /// <summary>What is told while nobody knows whether there is a token; null where that is known, and the advice taken note of.</summary>
    private static ElectrumError? UnknownOf(string code) => code switch
    {
        VendingCodes.SignerUnavailable => ElectrumError.SignerAway,
        VendingCodes.MakerAnswerUnknown => ElectrumError.MakerSilent,
        _ => null,
    };

    /// <summary>The purchase that an advice is about; or the answer that says why there is none.</summary>
    private IResult? Advised(ElectrumRequest request, Guid path, string client, ClientMessageKind kind, string type, out Guid original)
    {
        original = path;
        string originalId = path.ToString("D");
        ClientMessage? found = rooms.Messages.Find(path);

        // The tokens of a retry came under the retry's id, so a client may name that.
        if (found is { Kind: ClientMessageKind.Retry, Original: { } first }) (original, found) = (first, rooms.Messages.Find(first) ?? found with { Kind = kind });
        if (found is not { } message || message.Kind != kind || message.Client != client) return ElectrumError.NotFound.For(type, request.IdText, originalId);
        bool isSame = request.Text("requestId") is not { } stated || (ElectrumRequest.TryId(stated, out Guid id) && (id == path || id == original));
        return isSame ? null : ElectrumError.Format("requestId: the original's id in the body is the one in the address.").For(type, request.IdText, originalId);
    }

    /// <summary>A retry of a purchase that never arrived becomes the purchase; one of somebody else's is not found.</summary>
    private async Task<ElectrumError?> OwnerErrorAsync(
        ElectrumRequest request, Guid original, string client, ClientMessageKind kind, CancellationToken cancellationToken)
    {
        if (original == request.Id) return ElectrumError.Format("id: a retry has an id of its own.");
        var message = new ClientMessage(original, kind, client, rooms.Time.GetUtcNow(), Pan: _meters.Find(request.Text("meter", "meterId"))?.Meter.Pan);
        ClientMessage? there = await rooms.Messages.AddAsync(message, cancellationToken);
        return there is null || (there.Kind == kind && there.Client == client) ? null : ElectrumError.NotFound;
    }

    private IReadOnlyList<IssuedPart> PartsOf(Guid purchase) =>
        rooms.Messages.Find(purchase)?.Pan is { } pan ? rooms.Bundles.Find(purchase, pan) : [];

    private static ElectrumAnswer Accepted(ElectrumRequest request) => new(StatusCodes.Status202Accepted, request.EchoAdvice);
}
