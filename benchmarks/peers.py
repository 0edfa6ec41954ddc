"""One epoch of the classic network by other loops: a maker takes the images, and returns what runs one epoch."""

import logging
import tempfile
from collections.abc import Callable

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn
from torch.nn import functional
from torch.utils.data import DataLoader, Dataset, TensorDataset

BATCH, LR = 128, 1e-3


class Classic(nn.Module):
    """784-400-(20, 20), 20-400-784 with a sigmoid at the end, as examples write it."""

    def __init__(self):
        super().__init__()
        self.hidden, self.mu, self.log_var = nn.Linear(784, 400), nn.Linear(400, 20), nn.Linear(400, 20)
        self.first, self.last = nn.Linear(20, 400), nn.Linear(400, 784)

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """Mean and log-variance of q(z|x)."""
        h = torch.relu(self.hidden(x))
        return self.mu(h), self.log_var(h)

    def decode(self, z: Tensor) -> Tensor:
        """Probabilities of the pixels."""
        return torch.sigmoid(self.last(torch.relu(self.first(z))))

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Reconstruction, mean, log-variance."""
        mu, log_var = self.encode(x)
        return self.decode(mu + torch.exp(0.5 * log_var) * torch.randn_like(mu)), mu, log_var


class Pictures(Dataset):
    """Images that become tensors one by one, when they are asked for."""

    def __init__(self, x: Tensor):
        self.bytes = (x * 255).round().to(torch.uint8).reshape(-1, 28, 28).numpy()

    def __len__(self) -> int:
        """Return the number of images."""
        return len(self.bytes)

    def __getitem__(self, index: int) -> tuple[Tensor, int]:
        """Transform one image: array, picture, array, tensor in [0, 1]."""
        picture = Image.fromarray(self.bytes[index])
        return torch.from_numpy(np.array(picture, copy=True)).float().div(255).unsqueeze(0), 0


def _with_loader(dataset: Dataset) -> Callable[[], None]:
    model = Classic()
    optimizer = torch.optim.Adam(model.parameters(), lr=LR)
    loader = DataLoader(dataset, batch_size=BATCH, shuffle=True)

    def epoch() -> None:
        total = 0.0
        for batch, *_ in loader:
            x = batch.view(-1, 784)
            optimizer.zero_grad()
            mean, mu, log_var = model(x)
            kl = -0.5 * torch.sum(1 + log_var - mu.pow(2) - log_var.exp())
            loss = functional.binary_cross_entropy(mean, x, reduction="sum") + kl
            loss.backward()
            total += loss.item()
            optimizer.step()

    return epoch


def per_image(x: Tensor) -> Callable[[], None]:
    """(a) The loop most tutorials use: a transform for each image, a DataLoader."""
    return _with_loader(Pictures(x))


def tensor_dataset(x: Tensor) -> Callable[[], None]:
    """(b) A TensorDataset in a DataLoader."""
    return _with_loader(TensorDataset(x))


def pythae(x: Tensor) -> Callable[[], None]:
    """(d) The trainer of pythae with the same network."""
    from pythae.data.datasets import BaseDataset
    from pythae.models import VAE, VAEConfig
    from pythae.models.base.base_utils import ModelOutput
    from pythae.models.nn import BaseDecoder, BaseEncoder
    from pythae.trainers import BaseTrainer, BaseTrainerConfig

    class Encoder(BaseEncoder):
        def __init__(self):
            BaseEncoder.__init__(self)
            self.net = Classic()

        def forward(self, x: Tensor) -> ModelOutput:
            mu, log_var = self.net.encode(x.reshape(-1, 784))
            return ModelOutput(embedding=mu, log_covariance=log_var)

    class Decoder(BaseDecoder):
        def __init__(self):
            BaseDecoder.__init__(self)
            self.net = Classic()

        def forward(self, z: Tensor) -> ModelOutput:
            return ModelOutput(reconstruction=self.net.decode(z).reshape(-1, 1, 28, 28))

    logging.disable(logging.INFO)
    model = VAE(VAEConfig((1, 28, 28), 20, reconstruction_loss="bce"), Encoder(), Decoder())
    for net, unused in ((model.encoder.net, ("first", "last")), (model.decoder.net, ("hidden", "mu", "log_var"))):
        for name in unused:
            delattr(net, name)
    config = BaseTrainerConfig(
        tempfile.mkdtemp(), per_device_train_batch_size=BATCH, num_epochs=1, learning_rate=LR, no_cuda=True
    )
    images = x.reshape(-1, 1, 28, 28)
    trainer = BaseTrainer(model, BaseDataset(images, torch.zeros(len(x))), training_config=config)
    trainer.prepare_training()
    trainer.callback_handler.callbacks = []  # no progress bar
    return lambda: trainer.train_step(1)


def pyro_svi(x: Tensor) -> Callable[[], None]:
    """(e) Pyro's stochastic variational inference with the same network, batches cut from a tensor."""
    import pyro
    from pyro import distributions
    from pyro.infer import SVI, Trace_ELBO

    net = Classic()

    def model(batch: Tensor) -> None:
        pyro.module("net", net)
        with pyro.plate("images", len(batch)):
            z = pyro.sample("z", distributions.Normal(torch.zeros(len(batch), 20), 1.0).to_event(1))
            likelihood = distributions.Bernoulli(net.decode(z), validate_args=False).to_event(1)
            pyro.sample("x", likelihood, obs=batch)

    def guide(batch: Tensor) -> None:
        pyro.module("net", net)
        with pyro.plate("images", len(batch)):
            mu, log_var = net.encode(batch)
            pyro.sample("z", distributions.Normal(mu, torch.exp(0.5 * log_var)).to_event(1))

    pyro.clear_param_store()
    svi = SVI(model, guide, pyro.optim.Adam({"lr": LR}), Trace_ELBO())

    def epoch() -> None:
        for rows in torch.randperm(len(x)).split(BATCH):
            svi.step(x[rows])

    return epoch
