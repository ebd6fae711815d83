namespace Latchkey.Dlms;

/// <summary>Known mistakes of other makers' stacks that a reader may be told to bear. Nothing is borne unless it is asked for.</summary>
[Flags]
public enum PeerTolerance
{
    /// <summary>Strict.</summary>
    None = 0,
    /// <summary>RLRE whose outer BER lengths are wrong.</summary>
    ReleaseLengths = 1,
    /// <summary>Octets after the end of an APDU.</summary>
    TrailingOctets = 2,
    /// <summary>general-glo-ciphering (DB) inside an AARE where glo-initiate-response (28) belongs.</summary>
    GeneralGloInAssociation = 4,
    /// <summary>An HLS server that answers the AARQ with diagnostic 0 and still sends a challenge.</summary>
    DiagnosticNullWithChallenge = 8,
    /// <summary>A server that uses an invocation counter a second time. An answer may then be played back once: for reading only.</summary>
    EqualCounter = 16,
    /// <summary>A ciphered exception with the tag of general block transfer (E0).</summary>
    ExceptionAsBlock = 32,
}
