using System.Text;
using Latchkey.Dlms.Acse;
using Latchkey.Dlms.Axdr;
using Latchkey.Dlms.Cosem;

namespace Latchkey.Dlms.Verification;

/// <summary>The words in which the vectors spell enumerations and data types.</summary>
internal static class TreeNames
{
    public static string Enum<T>(string prefix, T value)
        where T : struct, Enum => $"{prefix}.{Snake(value.ToString())}";

    public static string Class(InterfaceClass value) =>
        value == InterfaceClass.Association ? "CosemInterface.ASSOCIATION_LN" : Enum("CosemInterface", value);

    public static string? Mechanism(AuthenticationMechanism value) => value switch
    {
        AuthenticationMechanism.None => null,
        AuthenticationMechanism.Low => "AuthenticationMechanism.LLS",
        AuthenticationMechanism.Manufacturer => "AuthenticationMechanism.HLS",
        _ => "AuthenticationMechanism.HLS_" + value.ToString().ToUpperInvariant(),
    };

    public static string Data(DataTag tag) => tag switch
    {
        DataTag.Array => "DataArray",
        DataTag.Structure => "DataStructure",
        DataTag.Unsigned => "UnsignedIntegerData",
        DataTag.LongUnsigned => "UnsignedLongData",
        DataTag.Long64Unsigned => "UnsignedLong64Data",
        DataTag.Utf8String => "UTF8StringData",
        DataTag.NullData => "NullData",
        DataTag.Bcd => "BCDData",
        _ => tag + "Data",
    };

    private static string Snake(string name)
    {
        var text = new StringBuilder();
        foreach (char c in name)
        {
            if (char.IsUpper(c) && text.Length > 0) text.Append('_');
            text.Append(char.ToUpperInvariant(c));
        }

        return text.ToString();
    }
}
