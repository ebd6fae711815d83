using Latchkey.Sts;

namespace Latchkey.HeadEnd.Events;

/// <summary>One entry of a meter's event log as it arrived. The same entry sent again is the same row.</summary>
/// <param name="Pan">The meter.</param>
/// <param name="At">When it happened, by the meter's clock.</param>
/// <param name="Code">The meter's event code; docs/diagnostics.md lists them.</param>
/// <param name="Detail">Its meaning depends on the code.</param>
/// <param name="ReceivedAt">When it first arrived.</param>
public sealed record MeterEvent(MeterPan Pan, DateTimeOffset At, uint Code, long Detail, DateTimeOffset ReceivedAt);
