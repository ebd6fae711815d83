using System.Collections.Immutable;

namespace Latchkey.Metrology;

/// <summary>The functions of the protective interface, as their numbers go over the wire.</summary>
public enum LegalFunction : ushort
{
    /// <summary>Version, SHA-256 and CRC-32C of the legally relevant software.</summary>
    Identity = 1,

    /// <summary>The six energy registers and the counters.</summary>
    Energies = 2,

    /// <summary>Voltage, current, powers, power factor, frequency of the last frame.</summary>
    Quantities = 3,

    /// <summary>The parameter block in force.</summary>
    Parameters = 4,

    /// <summary>What the self-checks have found.</summary>
    Faults = 5,

    /// <summary>One entry of the event log.</summary>
    Event = 6,

    /// <summary>Puts a parameter block in force.</summary>
    SetParameters = 7,
}

/// <summary>What a call through the protective interface came to, in the order of the checks.</summary>
public enum LegalResult
{
    Accepted = 0,

    UnknownFunction = 1,

    /// <summary>The arguments or the room for the answer have not the length of the table.</summary>
    WrongLength = 2,

    /// <summary>The seal is closed.</summary>
    Sealed = 3,

    /// <summary>The parameter block does not read, or its change counter is not the next.</summary>
    Refused = 4,

    /// <summary>There is no such entry.</summary>
    NotFound = 5,
}

/// <summary>One row of the published list.</summary>
/// <param name="Function">Its number.</param>
/// <param name="ArgumentLength">Octets of arguments.</param>
/// <param name="AnswerLength">Octets of the answer.</param>
/// <param name="Arguments">What they are.</param>
/// <param name="Answer">What it is; all little-endian.</param>
/// <param name="Effect">What the call changes.</param>
public sealed record LegalFunctionRow(LegalFunction Function, int ArgumentLength, int AnswerLength, string Arguments, string Answer, string Effect)
{
    private const string None = "none";

    /// <summary>Every function that there is, and everything that it does.</summary>
    public static ImmutableArray<LegalFunctionRow> All { get; } =
    [
        new(LegalFunction.Identity, 0, 48, None, "12 octets version in ASCII, 32 octets SHA-256, CRC-32C", None),
        new(LegalFunction.Energies, 0, 64, None, "+A, −A, R1, R2, R3, R4 in µWh and µvarh, samples, frames: 8 octets each", None),
        new(LegalFunction.Quantities, 0, 72, None, "U mV, I µA, neutral I µA, P mW, Q mvar, S mVA, PF × 10⁴, f µHz, THD of I in ppm: 8 octets each", None),
        new(LegalFunction.Parameters, 0, ParameterBlock.Length, None, "the parameter block with its change counter and checksum", None),
        new(LegalFunction.Faults, 0, 4, None, "bits of MetrologyFaults", None),
        new(LegalFunction.Event, 4, 20, "number of the entry, from 0", "number, kind, sample count, change counter: 4, 4, 8, 4 octets", None),
        new(LegalFunction.SetParameters, ParameterBlock.Length, 0, "a parameter block whose change counter is one more than that in force", None,
            "only with the seal open: calibration, change counter and one entry in the event log; never a register"),
    ];
}
