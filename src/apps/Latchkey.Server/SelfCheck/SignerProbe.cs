using Latchkey.Vending;
using Latchkey.Vending.Apart;

namespace Latchkey.Server.SelfCheck;

/// <summary>The signer answers, and a key of it may sign.</summary>
internal sealed class SignerProbe(IOutsideSigner signer, TimeProvider time) : IVitalProbe
{
    public const string Signer = "signer", Keys = "keys", NoUsableKey = "no-usable-key", SomeStopped = "key-stopped", LimitLow = "key-limit-low";
    private const int LowPercent = 10;

    public IReadOnlyList<string> Names { get; } = [Signer, Keys];

    public bool IsOfTheServer => false;

    public TimeSpan Every => TimeSpan.FromSeconds(5);

    public async ValueTask<IReadOnlyList<Vital>> LookAsync(CancellationToken cancellationToken)
    {
        if (await signer.KeysAsync(cancellationToken) is not { } keys)
        {
            return
            [
                new Vital(Signer, VitalState.Failing, VendingCodes.SignerUnavailable, signer.Ailment),
                new Vital(Keys, VitalState.Failing, VitalWatch.NotChecked, "nobody but the signer knows its keys"),
            ];
        }

        return [Vital.Well(Signer), Judge(keys, time.GetUtcNow())];
    }

    internal static Vital Judge(IReadOnlyList<SignerKey> keys, DateTimeOffset now)
    {
        SignerKey[] current = [.. keys.Where(k => k.ActiveFrom <= now && (k.IssueUntil is null || now < k.IssueUntil))];
        SignerKey[] usable = [.. current.Where(k => k.StoppedReason is null && k.Counters.MinorUnits < k.CreditLimit)];
        if (usable.Length == 0) return new Vital(Keys, VitalState.Failing, NoUsableKey, "no vending key is active, within its limit and not stopped: see 'latchkey keys list'");
        if (current.FirstOrDefault(k => k.StoppedReason is not null) is { } stopped)
            return new Vital(Keys, VitalState.Warning, SomeStopped, $"key {stopped.KeyId} is stopped: {stopped.StoppedReason}; 'latchkey keys resume' takes two people");
        return usable.FirstOrDefault(IsNearItsLimit) is { } low
            ? new Vital(Keys, VitalState.Warning, LimitLow, $"key {low.KeyId} has used 90 % of its limit; 'latchkey keys raise' takes two people")
            : Vital.Well(Keys);
    }

    private static bool IsNearItsLimit(SignerKey key) => (Int128)(key.CreditLimit - key.Counters.MinorUnits) * 100 < (Int128)key.CreditLimit * LowPercent;
}
