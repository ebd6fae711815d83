using System.Diagnostics;
using Latchkey.Simulator.Physics;
using Latchkey.Testing;

namespace Latchkey.Simulator.Tests.Physics;

public sealed class BoardProofTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public void TheCoreOnArm64_GivesTheSameRegisters_FrameByFrame()
    {
        ScriptAnswer board = Script.Run("bench/publish-metrology.sh", "linux-arm64");
        Assert.SkipWhen(board.Status == ScriptAnswer.ToolMissing, board.Error);
        Assert.True(board.Status == 0, board.Error);
        Assert.SkipUnless(File.Exists("/usr/bin/qemu-aarch64"), "qemu-aarch64 is not installed: the board proof");
        BoardAnswer answer = Talk("/usr/bin/qemu-aarch64", "-L", "/usr/aarch64-linux-gnu", board.Output, "board");
        Assert.Null(answer.First);
        Assert.True(answer.Frames >= 17);
    }

    [Fact]
    public void ABoardThatAnswersOtherwise_IsReported()
    {
        using var nowhere = new MemoryStream();
        BoardAnswer answer = BoardProof.Run(nowhere, TextReader.Null, 1);
        Assert.Equal(answer.Frames, answer.Different);
        Assert.Contains("the board ended", answer.First, StringComparison.Ordinal);
        Assert.Equal(16 * answer.Samples, nowhere.Length);
    }

    private static BoardAnswer Talk(string program, params string[] arguments)
    {
        using Process process = Script.Start(program, arguments);
        using var impatience = new CancellationTokenSource(Patience);
        using CancellationTokenRegistration end = impatience.Token.Register(process.Kill);
        using (var buffered = new BufferedStream(process.StandardInput.BaseStream, 1 << 16))
            return BoardProof.Run(buffered, process.StandardOutput, seed: 7);
    }
}
