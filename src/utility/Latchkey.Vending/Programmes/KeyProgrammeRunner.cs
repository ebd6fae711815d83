using System.Collections.Concurrent;
using Latchkey.Sts;

namespace Latchkey.Vending.Programmes;

/// <summary>Does what is due of the running programmes, a bounded piece at a time. Called again and again by whoever owns the clock.</summary>
public sealed class KeyProgrammeRunner(
    IKeyProgrammeStore store, KeyProgrammeDesk desk, KeyChangeDesk changes, KeyProgrammeGate gate, IMeterRecords meters, VendingOptions options,
    KeyProgrammeOptions settings, TimeProvider time)
{
    private readonly ConcurrentDictionary<Guid, MeterPan> _lookedAt = new();

    /// <summary>One step of every programme that runs.</summary>
    public async Task<ProgrammeStep> RunAsync(CancellationToken cancellationToken)
    {
        ProgrammeStep sum = ProgrammeStep.None;
        foreach (ProgrammeRecord record in store.List().Where(r => r.State == ProgrammeState.Running))
        {
            int counted = await desk.CountAsync(record.Id, cancellationToken).ConfigureAwait(false) ?? 0;
            sum += ProgrammeStep.None with { Counted = counted };
            for (int place = 0; place < record.Programme.Cohorts.Count; place++) sum += await CohortAsync(record, place, cancellationToken).ConfigureAwait(false);
            sum += await LookAsync(record, cancellationToken).ConfigureAwait(false);
        }

        return sum;
    }

    private async Task<ProgrammeStep> CohortAsync(ProgrammeRecord record, int place, CancellationToken cancellationToken)
    {
        KeyCohort cohort = record.Programme.Cohorts[place];
        DateOnly today = options.Day(time.GetUtcNow());
        if (!cohort.HasStarted(today)) return ProgrammeStep.None;

        int left = Math.Min(settings.Batch, cohort.PerDay - store.BegunOn(record.Id, place, today));
        IReadOnlyList<ProgrammeMeter> next = left <= 0 ? [] : store.InState(record.Id, place, ProgrammeMeterState.Waiting, left);
        bool[] planned = await Task.WhenAll(next.Select(m => PlanAsync(record, cohort, m.Pan, today, cancellationToken))).ConfigureAwait(false);
        ProgrammeStep step = ProgrammeStep.None with { Planned = planned.Count(p => p), Failed = planned.Count(p => !p) };
        return cohort.Policy == CohortPolicy.OverTheAir ? step + await SendAsync(record, place, today, cancellationToken).ConfigureAwait(false) : step;
    }

    private async Task<bool> PlanAsync(ProgrammeRecord record, KeyCohort cohort, MeterPan pan, DateOnly today, CancellationToken cancellationToken)
    {
        if (meters.Find(pan) is not { } meter) return await FailAsync(record, pan, VendingCodes.UnknownMeter, today, cancellationToken).ConfigureAwait(false);
        KeyTarget to = record.Programme.To;
        if (!record.Programme.Concerns(meter.Key))
        {
            // Brought over by another hand meanwhile.
            await store.MarkAsync(record.Id, pan, AdoptedState(changes.Find(pan), to), null, today, cancellationToken).ConfigureAwait(false);
            return true;
        }

        KeyChangePolicy policy = cohort.Policy == CohortPolicy.WithNextPurchase ? KeyChangePolicy.WithNextPurchase : KeyChangePolicy.OnRequest;
        string? fault = await changes.PlanAsync(pan, to.For(meter.Key), null, policy, record.Programme.TakesThirdToken, cancellationToken).ConfigureAwait(false);
        if (fault is null && changes.Find(pan) is { } open && to.IsReachedBy(open.To))
            return await store.MarkAsync(record.Id, pan, AdoptedState(open, to), null, today, cancellationToken).ConfigureAwait(false);
        return await FailAsync(record, pan, fault ?? VendingCodes.KeyChangeOpen, today, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ProgrammeStep> SendAsync(ProgrammeRecord record, int place, DateOnly today, CancellationToken cancellationToken)
    {
        ProgrammeStep step = ProgrammeStep.None;
        foreach (ProgrammeMeter meter in store.InState(record.Id, place, ProgrammeMeterState.Planned, settings.Batch))
        {
            string? fault = VendingCodes.NotReachable;
            if (gate.Carrier is { } carrier && carrier.Reaches(meter.Pan))
            {
                KeyChangeOutcome outcome = await changes.IssueAsync(meter.Pan, cancellationToken).ConfigureAwait(false);
                fault = (outcome as KeyChangeOutcome.Declined)?.Code;
                if (outcome is KeyChangeOutcome.Issued issued) carrier.Carry(issued.Change);
            }

            if (fault is not null) await FailAsync(record, meter.Pan, fault, today, cancellationToken).ConfigureAwait(false);
            step += ProgrammeStep.None with { Issued = fault is null ? 1 : 0, Failed = fault is null ? 0 : 1 };
        }

        return step;
    }

    /// <summary>Looks whether meters with a set have taken it, some at a time, round and round; a set that was not sent before a crash is sent now.</summary>
    private async Task<ProgrammeStep> LookAsync(ProgrammeRecord record, CancellationToken cancellationToken)
    {
        MeterPan? after = _lookedAt.TryGetValue(record.Id, out MeterPan last) ? last : null;
        IReadOnlyList<ProgrammeMeter> issued = store.InState(record.Id, ProgrammeMeterState.Issued, after, settings.Batch);
        if (issued.Count < settings.Batch) _lookedAt.TryRemove(record.Id, out _);
        else _lookedAt[record.Id] = issued[^1].Pan;
        int proven = 0;
        foreach (ProgrammeMeter meter in issued)
        {
            if (await changes.SettleAsync(meter.Pan, cancellationToken).ConfigureAwait(false)) proven++;
            else if (gate.Carrier is { } carrier && carrier.Reaches(meter.Pan) && changes.Find(meter.Pan) is { State: KeyChangeState.Issued, Tokens.Count: > 0 } change) carrier.Carry(change);
        }

        return ProgrammeStep.None with { Proven = proven };
    }

    private static ProgrammeMeterState AdoptedState(KeyChange? change, KeyTarget to) => change is { } known && to.IsReachedBy(known.To)
        ? known.State switch
        {
            KeyChangeState.Planned => ProgrammeMeterState.Planned,
            KeyChangeState.Issued => ProgrammeMeterState.Issued,
            _ => ProgrammeMeterState.Proven,
        }
        : ProgrammeMeterState.Proven;

    private async Task<bool> FailAsync(ProgrammeRecord record, MeterPan pan, string code, DateOnly today, CancellationToken cancellationToken)
    {
        await store.MarkAsync(record.Id, pan, ProgrammeMeterState.Failed, code, today, cancellationToken).ConfigureAwait(false);
        return false;
    }
}
