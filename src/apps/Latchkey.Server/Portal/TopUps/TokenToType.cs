using Latchkey.Quantities;

namespace Latchkey.Server.Portal.TopUps;

/// <summary>One token of a purchase, in its place in the order of typing.</summary>
/// <param name="Kind">A stable word of <see cref="Latchkey.Vending.ReceiptTokenKinds"/>.</param>
/// <param name="Number">Twenty digits in groups of four.</param>
/// <param name="Units">What it gives; null where it carries no energy.</param>
/// <param name="Credit">What it puts on a meter's account in money; null where it carries none.</param>
/// <param name="IsInMeter">The meter has proven it, or something that can only come after it.</param>
public sealed record TokenToType(string Kind, string Number, Energy? Units, Money? Credit, bool IsInMeter);
