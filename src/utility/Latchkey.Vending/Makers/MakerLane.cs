namespace Latchkey.Vending.Makers;

/// <summary>
/// Brings errands to makers' services. A request is on disk before it is sent and its answer before anybody sees it; one whose outcome is not known is
/// never sent again.
/// </summary>
/// <remarks>A lane of its own, because a maker's service may take half a minute and our own signer less than a millisecond: neither waits for the other.</remarks>
internal sealed class MakerLane(IVendingStore store, MakerServices services, TimeProvider time)
{
    private const int MostUnderWay = 1_024;
    private const int AtOncePerMake = 4;
    private readonly Lock _gate = new();
    private readonly Dictionary<Guid, Task<MakerAnswer>> _underWay = [];
    private readonly Dictionary<string, SemaphoreSlim> _doors = new(StringComparer.Ordinal);

    /// <summary>The same entry asked for twice at the same time is one errand.</summary>
    public Task<MakerAnswer> RunAsync(MakerErrand errand)
    {
        Guid entry = errand.Entry.Entry.Id;
        lock (_gate)
        {
            if (_underWay.TryGetValue(entry, out Task<MakerAnswer>? running)) return running;
            if (_underWay.Count >= MostUnderWay) return Task.FromResult<MakerAnswer>(new MakerAnswer.Waiting(VendingCodes.Busy));
            if (!_doors.TryGetValue(errand.Make, out SemaphoreSlim? door)) _doors.Add(errand.Make, door = new SemaphoreSlim(AtOncePerMake));
            Task<MakerAnswer> task = Task.Run(() => LeadAsync(errand, door));
            _underWay.Add(entry, task);
            return task;
        }
    }

    private async Task<MakerAnswer> LeadAsync(MakerErrand errand, SemaphoreSlim door)
    {
        // The door first: what waits at it has no line in the journal yet, and is nobody's riddle when the program ends here.
        await door.WaitAsync().ConfigureAwait(false);
        try
        {
            IMakerTokenService? service = services.Find(errand.Make);
            MakerAnswer step = await store.UpdateAsync(books => Begin(books, errand, service), CancellationToken.None).ConfigureAwait(false);
            return step switch
            {
                MakerAnswer.Send send => await SendAsync(service!, send.Request).ConfigureAwait(false),
                MakerAnswer.Look look => await LookAsync(service, look.Request).ConfigureAwait(false),
                _ => step,
            };
        }
        finally
        {
            door.Release();
            lock (_gate) _underWay.Remove(errand.Entry.Entry.Id);
        }
    }

    private MakerAnswer Begin(IVendingBooks books, MakerErrand errand, IMakerTokenService? service)
    {
        // What was answered stays answered; only a new request needs the service.
        if (service is null && books.Makers.Newest(errand.Entry.Entry.Id) is null or { State: MakerRequestState.NotSent }) return new MakerAnswer.Waiting(VendingCodes.MakerUnavailable);
        return MakerSteps.Begin(books, errand, time.GetUtcNow());
    }

    private async Task<MakerAnswer> SendAsync(IMakerTokenService service, MakerRequest request)
    {
        MakerOutcome outcome = await service.MakeAsync(request.Wish, CancellationToken.None).ConfigureAwait(false);
        switch (outcome)
        {
            case MakerOutcome.Refused refused:
                await EndAsync(request, MakerRequestState.Refused, refused.Code).ConfigureAwait(false);
                return new MakerAnswer.Refused(refused.Code, $"The maker's service refuses: {refused.Reason} Nothing was charged.");
            case MakerOutcome.NotSent:
                await EndAsync(request, MakerRequestState.NotSent, VendingCodes.MakerUnavailable).ConfigureAwait(false);
                return new MakerAnswer.Waiting(VendingCodes.MakerUnavailable);
            case MakerOutcome.Made made:
                return await KeepAsync(request, made).ConfigureAwait(false);
            default:
                return await LookAsync(service, request).ConfigureAwait(false);
        }
    }

    /// <summary>Asks by the request's id where the service knows ids; it is not sent again, whatever comes.</summary>
    private async Task<MakerAnswer> LookAsync(IMakerTokenService? service, MakerRequest request) =>
        service is { KnowsRequests: true } && await service.FindAsync(request.Wish, CancellationToken.None).ConfigureAwait(false) is MakerOutcome.Made made
            ? await KeepAsync(request, made).ConfigureAwait(false)
            : new MakerAnswer.Waiting(VendingCodes.MakerAnswerUnknown);

    private async Task<MakerAnswer> KeepAsync(MakerRequest request, MakerOutcome.Made made)
    {
        // Of another class it is not what was asked for; it is not shown, and people look into it.
        Sts.TokenClass expected = request.Kind == MakerTokenKind.Credit ? Sts.TokenClass.CreditTransfer : Sts.TokenClass.MeterSpecificManagement;
        if (made.Token.Class != expected) return new MakerAnswer.Waiting(VendingCodes.MakerAnswerUnknown);
        return await store.UpdateAsync(
            books => MakerSteps.Answer(books, request.Id, made.Token, made.AnswerHash, null, time.GetUtcNow()), CancellationToken.None).ConfigureAwait(false);
    }

    private Task EndAsync(MakerRequest request, MakerRequestState state, string code) => store.UpdateAsync(
        books =>
        {
            MakerSteps.End(books, request.Id, state, code, null, time.GetUtcNow());
            return true;
        },
        CancellationToken.None);
}
