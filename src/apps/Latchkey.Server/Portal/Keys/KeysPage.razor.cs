using Latchkey.Quantities;
using Latchkey.Server.Portal.TopUps;
using Latchkey.Tariffs;
using Microsoft.AspNetCore.Components;

namespace Latchkey.Server.Portal.Keys;

/// <summary>The vending keys with what they have signed and what they still may. Nobody sees a key.</summary>
public sealed partial class KeysPage
{
    private readonly Dictionary<string, string?> _raise = new(StringComparer.Ordinal);
    private IReadOnlyList<KeyLine>? _keys;
    private bool _isRead;

    [Inject] private IKeyView Keys { get; set; } = null!;

    [Inject] private TariffBook Tariffs { get; set; } = null!;

    /// <summary>A limit counts minor units of whatever is sold; where all tariffs have one currency that is what it is.</summary>
    private Currency? Unit => Tariffs.All.Select(t => t.CurrencyCode).Distinct(StringComparer.Ordinal).ToArray() is [var code] && Currency.TryParse(code, out Currency currency) ? currency : null;

    protected override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<KeyLine>? keys = await Keys.ListAsync(cancellationToken);
        bool changed = !_isRead || _keys is null != keys is null || (keys is not null && !_keys!.SequenceEqual(keys));
        (_keys, _isRead) = (keys, true);
        return changed;
    }

    private string Of(long minorUnits) => Unit is { } unit ? new Money(minorUnits, unit).ToString() : Words["keys.minor-units", minorUnits];

    private async Task RaiseAsync(KeyLine key)
    {
        if (Unit is not { } unit || _raise.GetValueOrDefault(key.KeyId) is not { } text || !AmountText.TryRead(text, unit, out Money amount) || amount.MinorUnits == 0)
        {
            Notes.Add(Words["keys.raise-first"], MudBlazor.Severity.Error);
            return;
        }

        if (await TwoPeopleAsync(Words["keys.raise"], Words["keys.raise.question", amount, key.KeyId]) is not { } people) return;
        _raise.Remove(key.KeyId);
        await TellAsync(await Keys.RaiseAsync(key.KeyId, amount.MinorUnits, people.First, people.Second, Closed), "keys.raised");
    }

    private async Task StopAsync(KeyLine key) => await TellAsync(await Keys.StopAsync(key.KeyId, "operator", Closed), "keys.is-stopped");

    private async Task ResumeAsync(KeyLine key)
    {
        if (await TwoPeopleAsync(Words["keys.resume"], Words["keys.resume.question", key.KeyId]) is { } people)
            await TellAsync(await Keys.ResumeAsync(key.KeyId, people.First, people.Second, Closed), "keys.resumed");
    }
}
