using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Security;
using Latchkey.Dlms.Server;
using Latchkey.Dlms.Services;

namespace Latchkey.Dlms.Client;

/// <summary>How a client talks to one meter.</summary>
public sealed class DlmsClientOptions
{
    /// <summary>The context to ask for.</summary>
    public ApplicationContext Context { get; init; } = ApplicationContext.LogicalName;

    /// <summary>The mechanism to use: none, low, or high with 2 to 7.</summary>
    public AuthenticationMechanism Mechanism { get; init; }

    /// <summary>The password, or the secret of mechanisms 2, 3, 4 and 6.</summary>
    public ReadOnlyMemory<byte> Secret { get; init; }

    /// <summary>A maker's own proof for mechanism 2; null for the one that is built in.</summary>
    public ManufacturerProof? ManufacturerProof { get; init; }

    /// <summary>Key pairs and certificates, for mechanism 7, signing and key agreement. The client does not dispose it.</summary>
    public PublicKeys? PublicKeys { get; init; }

    /// <summary>Whether requests are signed inside their ciphering, and answers must be.</summary>
    public bool Signs { get; init; }

    /// <summary>With <see cref="ProtectionFamily.EndToEnd"/>: how the key of a request is given.</summary>
    public KeyInformation KeyKind { get; init; } = KeyInformation.Identified;

    /// <summary>The meter's KEK, for end to end keys that are wrapped; else empty.</summary>
    public ReadOnlyMemory<byte> Master { get; init; }

    /// <summary>Blocks in one stream of general block transfer, 1 to 8; 0 where it is not to be used.</summary>
    public int GeneralBlockWindow { get; init; }

    /// <summary>The longest general block; 0 for what the meter takes. Small ones suit lines that lose much.</summary>
    public int GeneralBlockSize { get; init; }

    /// <summary>The challenge CtoS: 8 to 64 octets that nobody can foretell, new for every association.</summary>
    public ReadOnlyMemory<byte> Challenge { get; init; }

    /// <summary>The services to ask for.</summary>
    public Conformance Conformance { get; init; } = AssociationProfile.Recommended;

    /// <summary>The longest APDU that this client takes.</summary>
    public ushort MaxReceivePdu { get; init; } = 2048;

    /// <summary>The longest value put together from blocks, in octets.</summary>
    public int MaxValue { get; init; } = 65_536;

    /// <summary>Mistakes of this meter that are to be borne.</summary>
    public PeerTolerance Tolerance { get; init; }

    /// <summary>How requests are wrapped in a ciphered context.</summary>
    public ProtectionFamily Family { get; init; } = ProtectionFamily.ServiceGlobal;

    /// <summary>The client's own title, in a ciphered context or with mechanisms 5 and 6.</summary>
    public SystemTitle Title { get; init; }

    /// <summary>The meter's global key; null without ciphering. The client does not dispose it.</summary>
    public CipherKey? Key { get; init; }

    /// <summary>A key for this association alone, 16 or 32 random octets; empty for none. The dedicated families need it.</summary>
    public ReadOnlyMemory<byte> DedicatedKey { get; init; }

    /// <summary>The counter of what is sent to this meter under the key.</summary>
    public TransmitCounter? Transmit { get; init; }

    /// <summary>The counter of what came from this meter under the key.</summary>
    public ReceiveCounter? Receive { get; init; }

    /// <summary>The counter of what came from this meter under keys that came along; null where none are expected.</summary>
    public ReceiveCounter? ReceiveTransported { get; init; }
}

/// <summary>What to do after an APDU was taken.</summary>
public enum ClientStep
{
    /// <summary>Not an answer to what is under way: wait on.</summary>
    Ignored = 0,
    /// <summary>Send what was written.</summary>
    Send = 1,
    /// <summary>Done; see <see cref="DlmsClient.Value"/>.</summary>
    Done = 2,
    /// <summary>Failed; see <see cref="DlmsClient.Failure"/>.</summary>
    Failed = 3,
}

/// <summary>Why something failed.</summary>
public enum ClientFailureKind
{
    /// <summary>It did not.</summary>
    None = 0,
    /// <summary>The answer cannot be read.</summary>
    Malformed = 1,
    /// <summary>The association was refused; the code is the diagnostic.</summary>
    AssociationRejected = 2,
    /// <summary>The server did not prove who it is.</summary>
    ServerNotProved = 3,
    /// <summary>The answer was not protected, or wrongly; the code is an <see cref="UnprotectResult"/>.</summary>
    Protection = 4,
    /// <summary>An exception; the code is an <see cref="ExceptionService"/>.</summary>
    Exception = 5,
    /// <summary>Reading or writing failed; the code is a <see cref="DataAccessResult"/>.</summary>
    Access = 6,
    /// <summary>A method failed; the code is an <see cref="ActionResult"/>.</summary>
    Action = 7,
    /// <summary>The value is longer than the client takes.</summary>
    TooLong = 8,
    /// <summary>No answer came.</summary>
    NoAnswer = 9,
}

/// <summary>Why something failed, and what the server said.</summary>
/// <param name="Kind">The kind.</param>
/// <param name="Code">The code; its meaning depends on the kind.</param>
/// <param name="ExpectedCounter">With a counter error: what the server expects. The counter has jumped there already if it may.</param>
public readonly record struct ClientFailure(ClientFailureKind Kind, int Code = 0, uint ExpectedCounter = 0);
