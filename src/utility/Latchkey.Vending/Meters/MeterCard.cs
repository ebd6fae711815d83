using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>What a seller knows of a meter that selling does not need.</summary>
/// <param name="CustomerName">Shown to who looks the meter up before paying; personal, never logged.</param>
/// <param name="Make">Whose meter it is, where its maker's own service makes the tokens; empty otherwise.</param>
public sealed record MeterCard(MeterPan Pan, string CustomerName, string Make)
{
    public const int LongestText = 64;
}

/// <summary>Where meters' cards are kept.</summary>
public interface IMeterCards
{
    MeterCard? Find(MeterPan pan);

    Task SaveAsync(MeterCard card, CancellationToken cancellationToken);
}
