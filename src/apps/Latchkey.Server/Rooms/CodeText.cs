using System.Text;

namespace Latchkey.Server.Rooms;

/// <summary>Writes a name of an enum as a stable code: <c>MeterCoverOpened</c> becomes <c>meter-cover-opened</c>.</summary>
internal static class CodeText
{
    internal static string Of<T>(T value) where T : struct, Enum => Of(value.ToString());

    internal static string Of(string name)
    {
        var code = new StringBuilder(name.Length + 4);
        foreach (char letter in name)
        {
            if (char.IsAsciiLetterUpper(letter) && code.Length > 0) code.Append('-');
            code.Append(char.ToLowerInvariant(letter));
        }

        return code.ToString();
    }
}
