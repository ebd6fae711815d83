using Latchkey.Sts;

namespace Latchkey.Vending;

/// <summary>What a seller knows of a meter that selling does not need.</summary>
/// <param name="CustomerName">Shown to who looks the meter up before paying; personal, never logged.</param>
public sealed record MeterCard(MeterPan Pan, string CustomerName)
{
    public const int LongestText = 64;
}

/// <summary>Where meters' cards are kept.</summary>
public interface IMeterCards
{
    MeterCard? Find(MeterPan pan);

    Task SaveAsync(MeterCard card, CancellationToken cancellationToken);
}
