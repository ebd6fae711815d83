using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Security;

/// <summary>What became of taking protection off.</summary>
public enum UnprotectResult
{
    /// <summary>Done; the counter is stored.</summary>
    Success = 0,
    /// <summary>Not a ciphered APDU of a known form.</summary>
    Malformed = 1,
    /// <summary>No key for this wrapping, suite or sender.</summary>
    NoKey = 2,
    /// <summary>The counter is not above those taken before. Nothing has changed.</summary>
    CounterTooLow = 3,
    /// <summary>The tag is wrong. Nothing has changed.</summary>
    TagMismatch = 4,
    /// <summary>What was inside is not what the wrapping said.</summary>
    ContentMismatch = 5,
}

/// <summary>Protects what one party sends to another and opens what comes back: titles, keys and counters of one association.</summary>
/// <remarks>Source: IEC 62056-5-3, cryptographic protection of xDLMS APDUs.</remarks>
public sealed class CipherSession
{
    private readonly CipherKey? _global;
    private readonly TransmitCounter? _globalTransmit;
    private readonly ReceiveCounter? _globalReceive;
    private readonly CipherKey? _broadcast;
    private readonly ReceiveCounter? _broadcastReceive;
    private CipherKey? _dedicated;
    private TransmitCounter? _dedicatedTransmit;
    private ReceiveCounter? _dedicatedReceive;

    /// <summary>A session between two titles under the global key.</summary>
    public CipherSession(SystemTitle own, SystemTitle peer, CipherKey global, TransmitCounter transmit, ReceiveCounter receive)
        : this(own, peer, global, transmit, receive, null, null)
    {
    }

    /// <summary>A session that also takes what was sent under the broadcast key.</summary>
    public CipherSession(
        SystemTitle own, SystemTitle peer, CipherKey global, TransmitCounter transmit, ReceiveCounter receive, CipherKey? broadcast,
        ReceiveCounter? broadcastReceive)
    {
        (Own, Peer, _global, _globalTransmit, _globalReceive) = (own, peer, global, transmit, receive);
        (_broadcast, _broadcastReceive) = (broadcast, broadcastReceive);
    }

    /// <summary>This side's title.</summary>
    public SystemTitle Own { get; }

    /// <summary>The other side's title.</summary>
    public SystemTitle Peer { get; }

    /// <summary>The suite of the global key.</summary>
    public SecuritySuite Suite => _global!.Suite;

    /// <summary>The counter of what this side sends under the global key.</summary>
    public TransmitCounter Transmit => _globalTransmit!;

    /// <summary>The counter of what this side takes under the global key.</summary>
    public ReceiveCounter Receive => _globalReceive!;

    /// <summary>Bears a peer that uses a counter a second time.</summary>
    public bool BearsEqualCounter { get; init; }

    internal CipherKey Global => _global!;

    /// <summary>Takes a dedicated key for the rest of the association; its counters start anew. The session does not dispose it.</summary>
    public void UseDedicatedKey(CipherKey key) =>
        (_dedicated, _dedicatedTransmit, _dedicatedReceive) = (key, new TransmitCounter(), new ReceiveCounter());

    /// <summary>Whether a dedicated key is there.</summary>
    public bool HasDedicatedKey => _dedicated is not null;

    // Tag, three parties of eight octets, two empty fields, key information, length, header, tag.
    private const int EndToEndOverhead = 72;

    /// <summary>Octets that protection adds to an APDU of this size, where end to end the key is named.</summary>
    public static int Overhead(ProtectionFamily family, SecurityControl control, int plainSize)
    {
        if (family == ProtectionFamily.EndToEnd) return EndToEndOverhead;
        int secured = plainSize + CipherKey.Overhead(control);
        return ProtectedApdu.WrapSize(family, secured) + CipherKey.Overhead(control);
    }

    /// <summary>Writes the protected APDU; 0 when it does not fit, the key has no counter left, or the family cannot carry this APDU.</summary>
    public int Protect(ProtectionFamily family, SecurityControl control, ReadOnlySpan<byte> plain, Span<byte> output)
    {
        bool dedicated = family is ProtectionFamily.ServiceDedicated or ProtectionFamily.GeneralDedicated;
        CipherKey? key = dedicated ? _dedicated : _global;
        TransmitCounter? counters = dedicated ? _dedicatedTransmit : _globalTransmit;
        if (key is null || counters is null || plain.IsEmpty) return 0;

        int secured = plain.Length + CipherKey.Overhead(control);
        var writer = new AxdrWriter(output);
        if (!ProtectedApdu.TryWriteHead(ref writer, family, plain[0], Own, secured) || writer.Free < secured) return 0;
        if (!counters.TryTake(out uint counter)) return 0;
        _ = key.Protect(control, Own, counter, default, plain, writer.Take(secured));
        return writer.Position;
    }

    /// <summary>Opens a protected APDU. The counter is looked at first and stored only when the tag was right.</summary>
    public UnprotectResult TryUnprotect(ProtectedApdu apdu, Span<byte> plain, out int size)
    {
        size = 0;
        bool dedicated = apdu.Family is ProtectionFamily.ServiceDedicated or ProtectionFamily.GeneralDedicated;
        bool general = apdu.Family is ProtectionFamily.GeneralGlobal or ProtectionFamily.GeneralDedicated;
        SecurityControl control = apdu.Control;
        (CipherKey? key, ReceiveCounter? counters) = dedicated ? (_dedicated, _dedicatedReceive)
            : control.IsBroadcast ? (_broadcast, _broadcastReceive)
            : (_global, _globalReceive);
        if (key is null || counters is null || !control.IsSupported || control.Suite != key.Suite) return UnprotectResult.NoKey;
        if (general && apdu.Sender != Peer) return UnprotectResult.NoKey;
        bool fresh = counters.IsFresh(apdu.Counter) || (BearsEqualCounter && apdu.Counter + 1UL == counters.Lowest);
        if (!fresh) return UnprotectResult.CounterTooLow;
        if (!key.TryUnprotect(apdu.Secured, Peer, default, plain, out size)) return UnprotectResult.TagMismatch;

        // The wrapping's own tag is not authenticated: an APDU that was relabelled on the way must not use up its counter.
        bool named = size > 0 && (general || plain[0] == (byte)apdu.PlainTag);
        if (!named) return UnprotectResult.ContentMismatch;

        // Without a tag anybody may have written the counter, so it must not move the bound.
        if (control.IsAuthenticated) counters.Accept(apdu.Counter);
        return UnprotectResult.Success;
    }
}
