namespace Latchkey.Sts;

/// <summary>What a decoder key is for; the numbers are the standard's and are hashed into keys.</summary>
/// <remarks>Source: IEC 62055-41, KeyType (KT).</remarks>
public enum KeyType
{
    /// <summary>DITK: put in by the manufacturer, before the meter belongs to a supply group.</summary>
    Initial = 0,

    /// <summary>DDTK: belongs to a default supply group; such a meter refuses credit.</summary>
    Default = 1,

    /// <summary>DUTK: one key for each meter, the ordinary case.</summary>
    Unique = 2,

    /// <summary>DCTK: one key for all meters of a group; for erasable magnetic cards only.</summary>
    Common = 3,
}
