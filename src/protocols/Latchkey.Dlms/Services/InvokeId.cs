namespace Latchkey.Dlms.Services;

/// <summary>invoke-id-and-priority: which request an answer belongs to.</summary>
/// <param name="Octet">Bits 0 to 3 the id, bit 6 confirmed, bit 7 high priority.</param>
/// <remarks>Source: IEC 62056-5-3, Invoke-Id-And-Priority.</remarks>
public readonly record struct InvokeId(byte Octet)
{
    /// <summary>A confirmed request of high priority.</summary>
    public static InvokeId Confirmed(int id) => new((byte)(0xC0 | (id & 0x0F)));

    /// <summary>The id, 0 to 15.</summary>
    public int Id => Octet & 0x0F;

    /// <summary>Whether an answer is wanted.</summary>
    public bool IsConfirmed => (Octet & 0x40) != 0;

    /// <summary>Whether the request goes before others.</summary>
    public bool IsHighPriority => (Octet & 0x80) != 0;
}

/// <summary>long-invoke-id-and-priority of Access and DataNotification.</summary>
/// <param name="Value">Bits 0 to 23 the id, 28 self-descriptive, 29 break on error, 30 confirmed, 31 high priority.</param>
/// <remarks>Source: IEC 62056-5-3, Long-Invoke-Id-And-Priority.</remarks>
public readonly record struct LongInvokeId(uint Value)
{
    /// <summary>A confirmed request of high priority.</summary>
    public static LongInvokeId Confirmed(uint id) => new(0xC000_0000 | (id & 0x00FF_FFFF));

    /// <summary>The id, 24 bits.</summary>
    public uint Id => Value & 0x00FF_FFFF;

    /// <summary>Whether the answer repeats the specification of the request.</summary>
    public bool IsSelfDescriptive => (Value & 0x1000_0000) != 0;

    /// <summary>Whether the first failure ends the list.</summary>
    public bool BreaksOnError => (Value & 0x2000_0000) != 0;

    /// <summary>Whether an answer is wanted.</summary>
    public bool IsConfirmed => (Value & 0x4000_0000) != 0;

    /// <summary>Whether the request goes before others.</summary>
    public bool IsHighPriority => (Value & 0x8000_0000) != 0;
}
