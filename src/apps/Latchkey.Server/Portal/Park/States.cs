namespace Latchkey.Server.Portal.Park;

/// <summary>One colour for one meaning, on every page.</summary>
internal static class States
{
    internal static string ToneOf(SupplyState supply) => supply switch { SupplyState.On => "good", SupplyState.Off => "bad", _ => "calm" };

    internal static string ToneOf(BalanceMark mark) => mark switch { BalanceMark.Good => "good", BalanceMark.Low => "warn", BalanceMark.Empty => "bad", _ => "calm" };

    internal static string ToneOf(LinkState link) => link switch { LinkState.Online => "good", LinkState.Late => "warn", LinkState.Lost => "bad", _ => "calm" };
}
