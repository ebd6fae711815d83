using Latchkey.Vending;

namespace Latchkey.Server.ElectrumApi;

/// <summary>Advices: what became of a purchase at the till. Each may come again, and in any order.</summary>
internal sealed partial class ElectrumDesk
{
    public async Task<IResult> ConfirmAsync(ElectrumRequest request, Guid purchase, string client, CancellationToken cancellationToken)
    {
        if (Advised(request, purchase, client, ClientMessageKind.Purchase, RequestTypes.Confirmation, out Guid original) is { } wrong) return wrong;
        if (await KeepAsync(request, ClientMessageKind.Confirmation, client, original, request.Text("tenders") ?? string.Empty, cancellationToken) is { } taken)
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
        if (await KeepAsync(request, ClientMessageKind.Reversal, client, original, reason, cancellationToken) is { } taken)
            return taken.For(RequestTypes.Reversal, request.IdText, original.ToString("D"));
        await rooms.Orders.ReverseAsync(original, reason, cancellationToken);
        return Accepted(request);
    }

    /// <summary>The purchase that an advice is about; or the answer that says why there is none.</summary>
    private IResult? Advised(ElectrumRequest request, Guid path, string client, ClientMessageKind kind, string type, out Guid original)
    {
        original = path;
        string originalId = path.ToString("D");
        if (request.Text("requestId") is { } stated && (!ElectrumRequest.TryId(stated, out Guid id) || id != path))
            return ElectrumError.Format("requestId: the original's id in the body is the one in the address.").For(type, request.IdText, originalId);
        ClientMessage? found = rooms.Messages.Find(path);

        // The tokens of a retry came under the retry's id, so a client may name that.
        if (found is { Kind: ClientMessageKind.Retry, Original: { } first }) (original, found) = (first, rooms.Messages.Find(first) ?? found with { Kind = kind });
        return found is { } message && message.Kind == kind && message.Client == client ? null : ElectrumError.NotFound.For(type, request.IdText, originalId);
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
